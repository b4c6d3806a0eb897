package dev.lunasec.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules that import each other by name become one script; each is there once, after those that it imports. */
@Tag("pure")
class ModuleBundleTest {
    @Test
    void modulesBecomeFunctionsThatReturnTheirExportsInTheOrderOfTheImports() {
        Map<String, String> modules = Map.of(
                "first.js", """
                    /** The first one. */
                    import {
                      one,
                      two,
                    } from './parts/both.js';
                    import { Three } from './parts/three-1.js';

                    export { four } from './parts/three-1.js';
                    export { Three, all };
                    const all = () => [one, two(), new Three()];
                    """,
                "parts/both.js", """
                    export const one = '$1';
                    export async function two() {}
                    function three() {}
                    """,
                "parts/three-1.js", """
                    import { one } from './both.js';
                    import { five } from '../five.js';
                    export class Three extends five(one) {}
                    export function four() {}
                    """,
                "five.js", "export const five = (name) => Object;\n",
                "other.js", "export {};\n");
        assertThat(bundle(modules)).isEqualTo("""
                    const $parts_both_js = (() => {
                    const one = '$1';
                    async function two() {}
                    function three() {}
                    return { one, two };
                    })();
                    const $five_js = (() => {
                    const five = (name) => Object;
                    return { five };
                    })();
                    const $parts_three_1_js = (() => {
                    const { one } = $parts_both_js;
                    const { five } = $five_js;
                    class Three extends five(one) {}
                    function four() {}
                    return { Three, four };
                    })();
                    const { one, two } = $parts_both_js;
                    const { Three } = $parts_three_1_js;
                    export const { four } = $parts_three_1_js;
                    export { Three, all };
                    const all = () => [one, two(), new Three()];
                    """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import a from './a.js';",
                "import * as a from './a.js';",
                "import { a as b } from './a.js';",
                "import './a.js';",
                "export * from './a.js';",
                "export default 1;",
                "export let a = 1;",
                "export { a };"
            })
    void aModuleWithOtherImportsOrExportsIsRefused(String line) {
        Map<String, String> modules =
                Map.of("first.js", "import { b } from './b.js';", "b.js", line, "a.js", "export const a = 1;");
        assertThatThrownBy(() -> bundle(modules)).hasMessage("b.js: write imports and exports by name, not " + line);
    }

    @Test
    void aModuleThatIsMissingOrImportsItselfIsNamed() {
        assertThatThrownBy(() -> bundle(Map.of("first.js", "import { b } from './b.js';")))
                .hasMessage("the program has no resource b.js");
        Map<String, String> circle = Map.of(
                "first.js", "import { b } from './b.js';",
                "b.js", "import { c } from './c.js';",
                "c.js", "import { b } from './b.js';");
        assertThatThrownBy(() -> bundle(circle)).hasMessage("modules import each other: [first.js, b.js, c.js]");
    }

    private static String bundle(Map<String, String> modules) {
        TreeMap<String, byte[]> sources = new TreeMap<>();
        modules.forEach((name, source) -> sources.put(name, source.getBytes(UTF_8)));
        return new String(ModuleBundle.of("first.js", sources), UTF_8);
    }
}
