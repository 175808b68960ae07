"""The workbench: a web server over one graph that answers questions and changes nothing.

`kg.web.app.create_app` makes it. Questions are answered in processes of their own, which import this package
too, so it imports nothing by itself.
"""
