"""Run the examples of a page in the page, in the reader's browser.

Python comes as Pyodide, pinned by the hashes in ``pyodide-lock.json``, and only after the reader
has pressed a button that says so. ``page.py`` adds the words (``live.html``) to each page with code
and lays what the browser fetches; ``live.js`` makes the editors, ``worker.js`` starts Python beside
the page, and ``runner.py`` runs in it. ``pinned.py`` knows the files of Pyodide, takes them from a
folder or fetches them, and refuses those that are not the ones.
"""
