package io.weir.api;

/** A guard that is closed now: its name, what it stops, and how it ends. */
public record GuardView(String guard, String text) {}
