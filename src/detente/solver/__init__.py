"""Linear programmes, in whole numbers too: built row by row, solved by HiGHS, in a process of their own where large."""
