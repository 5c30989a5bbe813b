"""What MindSpore is: data made from MindSpore's releases, and look-ups. Start at :mod:`catalogue`."""
