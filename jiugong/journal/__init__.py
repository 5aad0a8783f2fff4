"""Journal: what was done, and who looked at whom, why.

Every change leaves an entry in the transaction in which it is made; every look at a person's data leaves a look-up.
An append-only row of another room is its own entry. Nothing here is edited. What is told to people is written here too:
messages, notices to many, and what of them leaves the house through which channel.

Long because what is told to somebody is one story: written, sent, tried again, arrived, read, and who makes sure of it.

Words: entry, look-up, reason, message, notice, keeper, channel, delivery, receipt, quiet hours.
"""
