"""The sandbox's ear: from sound to a phrase of its grammar."""
