package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A script as browsers get it: without the comments that fill whole lines. They are a third of what a page loads. */
final class ServedScript {
    private static final String BEGIN = "/*";
    private static final String END = "*/";

    private ServedScript() {}

    /**
     * Leaves out empty lines, and lines that are comments alone. A comment beside code stays, also a type in the middle
     * of a line. So does every line of a template literal.
     *
     * @param script in UTF-8; a comment beside code ends in its line and has no single backquote
     * @throws IllegalArgumentException if code follows the end of a comment of several lines, or a template literal has
     *     no end
     */
    static byte[] withoutComments(byte[] script) {
        StringBuilder code = new StringBuilder();
        boolean inComment = false;
        boolean inTemplate = false;
        for (String line : new String(script, UTF_8).split("\n", -1)) {
            String text = line.strip();
            if (inComment || (!inTemplate && isComment(text))) {
                int end = text.indexOf(END, inComment ? 0 : BEGIN.length());
                if (inComment && end >= 0 && end + END.length() < text.length())
                    throw new IllegalArgumentException("Code follows a comment; begin a new line: " + text);
                inComment = end < 0 && (inComment || text.startsWith(BEGIN));
            } else if (inTemplate || !text.isEmpty()) {
                code.append(line).append('\n');
                inTemplate ^= text.chars().filter(each -> each == '`').count() % 2 == 1;
            }
        }
        if (inTemplate) throw new IllegalArgumentException("A template literal has no end; write the backquote.");
        return code.toString().getBytes(UTF_8);
    }

    /** Whether a line that begins outside of comments has no code. */
    private static boolean isComment(String text) {
        if (!text.startsWith(BEGIN)) return text.startsWith("//");
        int end = text.indexOf(END, BEGIN.length());
        return end < 0 || end + END.length() == text.length();
    }
}
