"""What an analyst works with in JupyterLab: choosers over the figures, a report of what is chosen, copies."""
