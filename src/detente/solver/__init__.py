"""Linear programmes, in whole numbers too: built row by row, solved by HiGHS within an effort, apart where large."""
