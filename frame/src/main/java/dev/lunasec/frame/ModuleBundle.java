package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One script of a module and all that it imports, so that a browser sends one request instead of one for each module.
 * Each imported module becomes a function that is called once and returns its exports; the first one keeps its exports.
 *
 * <p>It knows only the syntax that the scripts of this project use: imports and exports by name, each at the beginning
 * of a line, of modules in this project that do not import each other.
 */
final class ModuleBundle {
    private static final String NAMES = "\\{\\s*(\\w+(?:,\\s*\\w+)*),?\\s*} from '(\\.[^']+)';$";
    private static final Pattern IMPORT = Pattern.compile("^(import|export) " + NAMES, Pattern.MULTILINE);
    private static final Pattern EXPORT =
            Pattern.compile("^export ((?:async )?function|class|const) (\\w+)", Pattern.MULTILINE);
    private static final Pattern NO_EXPORT = Pattern.compile("^export \\{};\\n", Pattern.MULTILINE);
    private static final Pattern OTHER = Pattern.compile("^(?:import|export)\\b.*", Pattern.MULTILINE);
    private static final Pattern OTHER_IMPORT = Pattern.compile("^import\\b.*|^export .* from .*", Pattern.MULTILINE);

    private final Map<String, byte[]> modules;
    private final StringBuilder script = new StringBuilder();
    private final Set<String> added = new TreeSet<>();
    private final Set<String> begun = new LinkedHashSet<>();

    private ModuleBundle(Map<String, byte[]> modules) {
        this.modules = modules;
    }

    /**
     * Makes the script.
     *
     * @param first the name of the module that imports the others
     * @param modules their sources by name, in UTF-8; a name is a path with slashes
     * @throws IllegalStateException when a module is missing, imports itself, or uses other syntax
     */
    static byte[] of(String first, Map<String, byte[]> modules) {
        ModuleBundle bundle = new ModuleBundle(modules);
        String code = bundle.withoutImports(first);
        refuse(OTHER_IMPORT, code, first);
        return bundle.script.append(code).toString().getBytes(UTF_8);
    }

    /** Adds a module after those that it imports. */
    private void add(String name) {
        if (added.contains(name)) return;
        String code = withoutImports(name);
        List<String> exports =
                EXPORT.matcher(code).results().map(found -> found.group(2)).toList();
        code = NO_EXPORT.matcher(EXPORT.matcher(code).replaceAll("$1 $2")).replaceAll("");
        refuse(OTHER, code, name);
        script.append("const ").append(variable(name)).append(" = (() => {\n");
        script.append(code);
        script.append("return { ").append(String.join(", ", exports)).append(" };\n})();\n");
        added.add(name);
    }

    /** The code of a module, with imports that read what the functions before it return. */
    private String withoutImports(String name) {
        byte[] source = modules.get(name);
        if (source == null) throw new IllegalStateException("the program has no resource " + name);
        if (!begun.add(name)) throw new IllegalStateException("modules import each other: " + begun);
        String code = new String(ServedScript.withoutComments(source), UTF_8);
        IMPORT.matcher(code).results().forEach(found -> add(resolved(name, found.group(3))));
        begun.remove(name);
        return IMPORT.matcher(code).replaceAll(found -> {
            String export = found.group(1).equals("export") ? "export " : "";
            String names = found.group(2).replaceAll("\\s+", " ");
            return Matcher.quoteReplacement(
                    export + "const { " + names + " } = " + variable(resolved(name, found.group(3))) + ";");
        });
    }

    private static String resolved(String name, String path) {
        return URI.create("/" + name).resolve(path).getPath().substring(1);
    }

    /** No script of this project has a name with a dollar sign. */
    private static String variable(String name) {
        return "$" + name.replaceAll("\\W", "_");
    }

    private static void refuse(Pattern syntax, String code, String name) {
        syntax.matcher(code).results().findFirst().ifPresent(found -> {
            throw new IllegalStateException(name + ": write imports and exports by name, not " + found.group());
        });
    }
}
