"""Tests of the lint: good files, foreign files, and a change of one for each thing that is forbidden."""
