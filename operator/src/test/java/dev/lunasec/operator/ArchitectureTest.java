package dev.lunasec.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How the packages of the operator depend on each other, and that decisions are free of frameworks. */
@Tag("pure")
class ArchitectureTest {
    private static final String ROOT = "dev.lunasec.operator";

    /** Each package may use only those that come after it. */
    private static final List<String> LAYERS = List.of(
            "",
            ".controller",
            ".apply",
            ".observe",
            ".report",
            ".dependent..",
            ".model",
            ".status",
            ".rotation",
            ".bucket..",
            ".keyring");

    private static final String[] FRAMEWORKS = {
        "io.fabric8..",
        "io.javaoperatorsdk..",
        "dev.lunasec.api..",
        "software.amazon..",
        "io.lettuce..",
        "io.netty..",
        "io.javalin..",
        "io.micrometer..",
        "org.eclipse.jetty..",
        "jakarta..",
        "java.net.http..",
        "com.sun.net.httpserver.."
    };

    private static final JavaClasses OPERATOR = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesUseOnlyThoseBelowThem() {
        LayeredArchitecture layers = layeredArchitecture().consideringOnlyDependenciesInLayers();
        for (String layer : LAYERS) layers = layers.layer(ROOT + layer).definedBy(ROOT + layer);
        for (int i = 0; i < LAYERS.size(); i++) {
            String layer = ROOT + LAYERS.get(i);
            String[] above =
                    LAYERS.subList(0, i).stream().map(name -> ROOT + name).toArray(String[]::new);
            layers = above.length == 0
                    ? layers.whereLayer(layer).mayNotBeAccessedByAnyLayer()
                    : layers.whereLayer(layer).mayOnlyBeAccessedByLayers(above);
        }
        layers.check(OPERATOR);
    }

    @Test
    void everyPackageIsInTheListOfLayers() {
        classes()
                .should()
                .resideInAnyPackage(LAYERS.stream().map(layer -> ROOT + layer).toArray(String[]::new))
                .check(OPERATOR);
    }

    @Test
    void packagesFormNoCircle() {
        slices().assignedFrom(new EveryPackage()).should().beFreeOfCycles().check(OPERATOR);
    }

    @Test
    void decisionsUseNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + ".status", ROOT + ".rotation", ROOT + ".bucket", ROOT + ".keyring")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(FRAMEWORKS)
                .check(OPERATOR);
    }

    @Test
    void accessToTheStoreUsesNoKubernetes() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".bucket.s3")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "dev.lunasec.api..")
                .check(OPERATOR);
    }

    /** One slice for each package, subpackages apart. */
    private static final class EveryPackage implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages of the operator";
        }
    }
}
