"""The search of the site: sections found by their words, ranked, and quoted, also from disk.

=====================  =======================================================================
``sections.py``        cuts a page into sections and takes the text that is seen
``language.py``        splits and stems words, in Python and JavaScript alike
``index.py``           feeds the sections to Sphinx's index, and lays their text beside it
``synonyms.toml``      other words that lead to a page or section
``scorer.js``          ranks the sections by a question
``searchpage.js``      shows the hits, in the markup of ``search.html``
``asked.html``         the questions that are asked most, for ``search.html`` and 404
``field.html``         the field to ask in
=====================  =======================================================================
"""
