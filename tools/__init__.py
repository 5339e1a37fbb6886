"""What a scientist works with: black boxes, induction, scoring. Plain functions first, agent tools second."""
