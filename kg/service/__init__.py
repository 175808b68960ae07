"""What programs ask of a graph: questions, their options and replies, and the processes that answer within limits.

The workbench and the tools for assistants put the same questions to the same workers. Workers import this package too,
so it imports nothing by itself.
"""
