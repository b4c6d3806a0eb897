package dev.lunasec.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * No other module types what this one defines. The test reads the main sources of the programs, and looks for string
 * literals and numbers that are equal to a constant of this module. Where such a word means something else,
 * {@link #ALLOWED} says what.
 */
@Tag("pure")
class ContractLiteralsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final List<String> MODULES =
            List.of("runtime", "s3", "sidecar", "operator", "clients/java", "local");

    /**
     * Literals that may stay.
     *
     * @param file the end of its path
     * @param literals empty for all of the file
     * @param why what they mean there
     */
    private record Allowed(String file, Set<String> literals, String why) {
        boolean covers(String in, String literal) {
            return in.endsWith(file) && (literals.isEmpty() || literals.contains(literal));
        }
    }

    private static final List<Allowed> ALLOWED = List.of(
            new Allowed(
                    "client/ErrorCode.java",
                    Set.of(),
                    "the client is published alone; its ErrorCodeTest compares both"),
            new Allowed(
                    "client/TokenizerClient.java",
                    Set.of(),
                    "the client is published alone; TokenizerClientTest calls a real tokenizer on each path"),
            new Allowed(
                    "client/Batches.java",
                    Set.of(),
                    "the client is published alone; BatchesTest calls a real tokenizer on each path"),
            new Allowed(
                    "client/Uploads.java",
                    Set.of(),
                    "the client is published alone; UploadsTest calls a real tokenizer on each path"),
            new Allowed("agent/Agent.java", Set.of("token", "tokenizer"), "names of what its readiness depends on"),
            new Allowed("model/Names.java", Set.of("tokenizer", "rewrap", "sweep"), "values of the recommended labels"),
            new Allowed("tokenizer/TokenizerContainer.java", Set.of("tokenizer"), "the name of the container"),
            new Allowed("controller/TokenizerReconciler.java", Set.of("tokenizer"), "the name of the controller"),
            new Allowed("controller/VaultWorkflow.java", Set.of("sweep"), "the name of a dependent"),
            new Allowed("client/ErasureReceipt.java", Set.of("token"), "a claim of a receipt"),
            new Allowed("token/ReceiptKey.java", Set.of("token"), "a claim of a receipt"),
            new Allowed("local/LocalVault.java", Set.of("ca.crt"), "the default key of spec.storage.trustedCA"),
            new Allowed(
                    "local/LocalSystem.java", Set.of("stopping"), "a line for the person who stops the local system"));

    /** A string, a comment, a character or a number. Comments and characters match so that no string begins in them. */
    private static final Pattern LITERAL = Pattern.compile(
            "\"((?:[^\"\\\\\n]|\\\\.)*)\"|//[^\n]*|/\\*.*?\\*/|'(?:[^'\\\\]|\\\\.)+'|\\b([0-9]{4,5})\\b",
            Pattern.DOTALL);

    @Test
    void noOtherModuleTypesAConstantOfTheContract() throws Exception {
        Set<String> constants = constants();
        assertThat(constants)
                .contains("TOKENIZER_SETTINGS", "records/", "share-", "noGrant", "sweep", "37766", "tls.key");
        Set<String> found = new TreeSet<>();
        for (String module : MODULES) {
            for (Path source : sources(ROOT.resolve(module).resolve("src/main/java"))) {
                String file = ROOT.relativize(source).toString();
                literals(Files.readString(source))
                        .filter(constants::contains)
                        .filter(literal -> ALLOWED.stream().noneMatch(allowed -> allowed.covers(file, literal)))
                        .forEach(literal -> found.add(file + " types \"" + literal + "\""));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void everythingThatIsAllowedIsStillThere() throws IOException {
        for (Allowed allowed : ALLOWED) {
            List<Path> files = sources(ROOT).stream()
                    .filter(source -> source.toString().endsWith(allowed.file()))
                    .toList();
            assertThat(files).as(allowed.file()).hasSize(1);
            assertThat(literals(Files.readString(files.getFirst())).collect(Collectors.toSet()))
                    .as("%s: %s", allowed.file(), allowed.why())
                    .containsAll(allowed.literals());
        }
    }

    /**
     * All public constants of this module that are texts or ports, the beginnings of the keyring's names, and the words
     * of its enums.
     */
    private static Set<String> constants() throws Exception {
        Set<String> constants = new TreeSet<>(Set.of("share-", "made-", "completed-", "retired-"));
        for (Class<?> type : types()) {
            for (Field field : type.getFields()) {
                boolean constant = Modifier.isStatic(field.getModifiers());
                if (constant && field.getType() == String.class) constants.add((String) field.get(null));
                if (constant && field.getName().endsWith("PORT") && field.getType() == int.class) {
                    constants.add(Integer.toString(field.getInt(null)));
                }
            }
        }
        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).forEach(constants::add);
        Arrays.stream(Command.values()).map(Command::argument).forEach(constants::add);
        return constants;
    }

    private static List<Class<?>> types() throws IOException, URISyntaxException {
        Path classes = Path.of(BucketLayout.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path folder = classes.resolve(BucketLayout.class.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".class") && !name.equals("package-info.class"))
                    .<Class<?>>map(name -> type(name.substring(0, name.length() - ".class".length())))
                    .toList();
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(BucketLayout.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> file.toString().contains("/src/main/java/"))
                    .collect(Collectors.toList());
        }
    }

    private static Stream<String> literals(String source) {
        return LITERAL.matcher(source)
                .results()
                .flatMap(result -> Stream.of(1, 2).map(result::group))
                .filter(Objects::nonNull);
    }
}
