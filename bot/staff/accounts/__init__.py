"""People: signing in and out, passwords, their accounts and sessions, and the trail of what they did."""
