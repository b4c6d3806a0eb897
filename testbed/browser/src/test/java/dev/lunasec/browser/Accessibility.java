package dev.lunasec.browser;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Frame;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What keeps people from using a page and the frames in it. */
final class Accessibility {
    /** The color behind a frame: that of the first element around it that has one, else that of the empty page. */
    private static final String COLOR_BEHIND = """
        (iframe) => {
          for (let each = iframe; each; each = each.parentElement ?? each.getRootNode().host) {
            const { backgroundColor } = getComputedStyle(each);
            if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor;
          }
          const probe = document.body.appendChild(document.createElement('p'));
          probe.style.backgroundColor = 'Canvas';
          const { backgroundColor } = getComputedStyle(probe);
          probe.remove();
          return backgroundColor;
        }\
        """;

    private static final String PAINT = "(color) => { document.documentElement.style.backgroundColor = color; }";
    private static final String LOW_CONTRAST = Script.read("low-contrast.js");

    private Accessibility() {}

    /**
     * What axe-core finds, and each text of a frame whose contrast is too low. A frame shows the background of its page,
     * which axe-core takes for white inside of a frame. So each frame has the color behind it while axe-core looks.
     */
    static List<String> problems(Page page) {
        Map<Frame, String> behind = new LinkedHashMap<>();
        for (Frame frame : page.mainFrame().childFrames()) {
            behind.put(frame, (String) frame.frameElement().evaluate(COLOR_BEHIND));
        }
        List<String> problems = new ArrayList<>();
        behind.forEach((frame, color) -> {
            for (Object text : (List<?>) frame.evaluate(LOW_CONTRAST, color)) problems.add("low contrast: " + text);
            frame.evaluate(PAINT, color);
        });
        new AxeBuilder(page)
                .analyze()
                .getViolations()
                .forEach(rule -> rule.getNodes()
                        .forEach(node -> problems.add(rule.getId() + ": " + rule.getHelp() + " " + node.getTarget())));
        behind.keySet().forEach(frame -> frame.evaluate(PAINT, ""));
        return problems;
    }
}
