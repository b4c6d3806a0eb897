package dev.lunasec.s3;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The store is reached the same way by the operator and by the tokenizer, so this module knows neither. */
@Tag("pure")
class ArchitectureTest {
    private static final JavaClasses MODULE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ArchitectureTest.class.getPackageName());

    @Test
    void accessToTheStoreImportsTheSdkOfTheStoreAlone() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..",
                        "javax.net.ssl..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "software.amazon.awssdk..",
                        "dev.lunasec.contract..",
                        "dev.lunasec.runtime..",
                        "dev.lunasec.s3..")
                .check(MODULE);
    }

    @Test
    void noPackagesFormACircle() {
        slices().matching("dev.lunasec.(**)").should().beFreeOfCycles().check(MODULE);
    }
}
