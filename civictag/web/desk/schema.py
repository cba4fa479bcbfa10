"""The tables of a labelling store. Nothing in them is ever overwritten by a decision: history is kept."""

from __future__ import annotations

KIND = "desk"

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
  id INTEGER PRIMARY KEY, file TEXT NOT NULL, doc TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
  UNIQUE (file, doc));
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles, para INTEGER NOT NULL,
  start INTEGER NOT NULL, end INTEGER NOT NULL, text TEXT NOT NULL,
  apart INTEGER NOT NULL, need INTEGER NOT NULL, standing INTEGER NOT NULL DEFAULT 0,
  rank INTEGER NOT NULL, scores TEXT, extra TEXT NOT NULL DEFAULT '{}', UNIQUE (article, para));
CREATE INDEX IF NOT EXISTS by_rank ON items (apart, rank) WHERE standing < need;
CREATE TABLE IF NOT EXISTS decisions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, item INTEGER NOT NULL REFERENCES items, annotator TEXT NOT NULL,
  labels TEXT NOT NULL, unsure INTEGER NOT NULL, made REAL NOT NULL, key TEXT NOT NULL UNIQUE,
  shown INTEGER NOT NULL, model TEXT NOT NULL, undone REAL);
CREATE INDEX IF NOT EXISTS by_item ON decisions (item, annotator) WHERE undone IS NULL;
CREATE INDEX IF NOT EXISTS by_annotator ON decisions (annotator, seq) WHERE undone IS NULL;
CREATE TABLE IF NOT EXISTS leases (
  item INTEGER PRIMARY KEY REFERENCES items, annotator TEXT NOT NULL, until REAL NOT NULL);
CREATE TABLE IF NOT EXISTS models (
  id INTEGER PRIMARY KEY, made REAL NOT NULL, folder TEXT NOT NULL, sha256 TEXT NOT NULL,
  paragraphs INTEGER NOT NULL, apart INTEGER NOT NULL, f1 REAL, low REAL, high REAL,
  verdict TEXT NOT NULL, used INTEGER NOT NULL, report TEXT NOT NULL);
"""
