"""From an executed notebook to one HTML file that was checked, and back: a page's template, gate and reader."""
