package io.weir.aws.fake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The least policy, as {@code docs/clouds/aws.md} has it. */
public final class DocumentedPolicy {
    private DocumentedPolicy() {}

    public static String text() throws IOException {
        return block("\"Version\"");
    }

    /** The statement that is added while machines of somebody else are taken over. */
    static String takeOver() throws IOException {
        return block("\"Sid\": \"TakeOver\"");
    }

    private static String block(String first) throws IOException {
        String page = Files.readString(Path.of("..", "docs", "clouds", "aws.md"));
        String begin = "```json\n";
        int at = page.indexOf(begin + "{\n  " + first) + begin.length();
        return page.substring(at, page.indexOf("\n```", at));
    }
}
