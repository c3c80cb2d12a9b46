"""What all tests share."""

from hypothesis import settings

# A busy machine is slow, not wrong. A run tells the same twice; `pytest --hypothesis-profile=wild`
# draws other examples each time.
settings.register_profile("wild", parent=settings.default, deadline=None)
settings.register_profile("patient", parent=settings.get_profile("wild"), derandomize=True)
settings.load_profile("patient")
