"""The pages of duties: what is owed today, recording, lists, checks, excuses, returnees, files of training."""
