package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

/** A script as browsers get it: without the comments that fill whole lines. They are a third of what a page loads. */
final class ServedScript {
    private static final String END = "*/";

    private ServedScript() {}

    /**
     * Leaves out lines that are comments alone. A comment beside code stays, also a type in the middle of a line.
     *
     * @param script in UTF-8; no line of its template literals begins like a comment
     */
    static byte[] withoutComments(byte[] script) {
        StringBuilder code = new StringBuilder();
        boolean inComment = false;
        for (String line : new String(script, UTF_8).split("\n", -1)) {
            String text = line.strip();
            boolean begins = !inComment && text.startsWith("/*");
            boolean ends = text.endsWith(END) && (inComment || text.indexOf(END) == text.length() - END.length());
            boolean alone = inComment || text.startsWith("//") || (begins && (ends || !text.contains(END)));
            if (!alone && !text.isEmpty()) code.append(line).append('\n');
            inComment = (inComment || (begins && alone)) && !ends;
        }
        return code.toString().getBytes(UTF_8);
    }
}
