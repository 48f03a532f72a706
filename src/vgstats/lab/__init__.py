"""What an analyst works with in JupyterLab: choosers over the figures, the report of what was chosen, working copies."""
