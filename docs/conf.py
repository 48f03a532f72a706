"""How Sphinx builds the documentation: `make docs`."""

import os
import sys
import tempfile
from importlib.metadata import version as version_of
from pathlib import Path

sys.modules["rfc3987_syntax"] = None  # a grammar that takes a second to load (see `vgstats.cli`)
sys.path.insert(0, str(Path(__file__).parent))
from generated import fill_in

# What the pages show comes along with vgstats, whatever their maker has fetched.
os.environ["VGSTATS_STORE"] = tempfile.mkdtemp()

project = "vgstats"
author = "The vgstats developers"
project_copyright = ""
version = release = version_of("vgstats")
language = "sv"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_design",
]
exclude_patterns = ["_build", "_static"]

# Markdown, and notebooks that run when the pages are built.
myst_enable_extensions = ["colon_fence", "fieldlist", "deflist", "attrs_block"]
myst_heading_anchors = 3
nb_execution_mode = "force"
suppress_warnings = [
    "myst-nb.lexer"
]  # of pages whose code is not run, as the usual tests build them
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

# The public names, as their modules list them.
autodoc_default_options = {"members": True, "member-order": "bysource"}
default_role = "code"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "vgstats"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_sphinx = False
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
ENGLISH = ("api/", "methods", "architecture", "benchmark-")


def _language(app, page, template, context, doctree):
    """Mark the pages in English as such, for those who listen to them."""
    if page.startswith(ENGLISH):
        context["language"] = "en"


def setup(app):
    """Fill in what is made from the catalogue, and mark the language of each page."""
    app.connect("source-read", fill_in)
    app.connect("html-page-context", _language)
