package io.weir.certs;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A password by reference, never on the command line itself: {@code env:VARIABLE}, {@code file:PATH} or {@code prompt}. */
final class Password {
    private Password() {}

    static char[] from(String where) {
        char[] password = read(where);
        if (password.length == 0) {
            throw new CertsProblem("the password is empty: browsers do not import a file without one");
        }
        return password;
    }

    private static char[] read(String where) {
        if (where.equals("prompt")) {
            return asked();
        }
        if (where.startsWith("env:")) {
            String variable = where.substring("env:".length());
            String value = System.getenv(variable);
            if (value == null) {
                throw new CertsProblem("the environment has no variable " + variable + ": export it first");
            }
            return value.toCharArray();
        }
        if (where.startsWith("file:")) {
            return firstLine(Path.of(where.substring("file:".length())));
        }
        throw new CertsProblem("a password is not written on the command line, where others see it:"
                + " give env:VARIABLE, file:PATH or prompt");
    }

    private static char[] asked() {
        Console console = System.console();
        if (console == null) {
            throw new CertsProblem("there is no terminal to ask on: give env:VARIABLE or file:PATH");
        }
        char[] first = console.readPassword("Password for the .p12 file: ");
        char[] second = console.readPassword("Once more: ");
        if (first == null) {
            throw new CertsProblem("no password was given");
        }
        if (!Arrays.equals(first, second)) {
            throw new CertsProblem("the two passwords differ: try again");
        }
        return first;
    }

    private static char[] firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("").toCharArray();
        } catch (IOException e) {
            throw new CertsProblem(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
