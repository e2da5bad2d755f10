"""Executes a notebook as Jupyter does, through the kernel that the notebook names, and writes it with its outputs.

usage: execute.py NOTEBOOK OUTPUT
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

source, target = (Path(argument).resolve() for argument in sys.argv[1:])
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=None, resources={"metadata": {"path": str(source.parent)}}).execute()
nbformat.write(notebook, target)
