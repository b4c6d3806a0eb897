package dev.lunasec.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Decisions know neither Kubernetes nor a store nor the SDK. */
class ArchitectureTest {
    private static final JavaClasses OPERATOR = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lunasec.operator");

    @Test
    void whatDecidesImportsNoFramework() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.lunasec.operator.status..",
                        "dev.lunasec.operator.keyring..",
                        "dev.lunasec.operator.rotation..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..", "software.amazon..", "dev.lunasec.api..")
                .check(OPERATOR);
    }

    @Test
    void theBucketKnowsNoKubernetes() {
        noClasses()
                .that()
                .resideInAPackage("dev.lunasec.operator.bucket..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.fabric8..", "io.javaoperatorsdk..")
                .check(OPERATOR);
    }
}
