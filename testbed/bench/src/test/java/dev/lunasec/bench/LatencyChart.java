package dev.lunasec.bench;

import java.util.List;
import java.util.Locale;

/** A picture (SVG) of latency against load. The axis of latency is logarithmic, that of the load linear. */
final class LatencyChart {
    /** A point: requests per second, and milliseconds. */
    record Point(double rate, double millis) {}

    /**
     * A line.
     *
     * @param color a CSS color
     * @param dashes a value of {@code stroke-dasharray}; {@code none} for a solid line
     */
    record Series(String name, String color, String dashes, List<Point> points) {}

    private static final int WIDTH = 960;
    private static final int HEIGHT = 420;
    private static final int LEFT = 70;
    private static final int RIGHT = 380;
    private static final int TOP = 30;
    private static final int BOTTOM = 50;

    private final List<Series> series;
    private final double highestRate;
    private final int lowest;
    private final int highest;
    private final StringBuilder svg = new StringBuilder();

    /** @param series at least one, with at least one point each */
    LatencyChart(List<Series> series) {
        this.series = series;
        List<Point> points =
                series.stream().flatMap(one -> one.points().stream()).toList();
        highestRate = points.stream().mapToDouble(Point::rate).max().orElseThrow();
        double least = points.stream().mapToDouble(Point::millis).min().orElseThrow();
        double most = points.stream().mapToDouble(Point::millis).max().orElseThrow();
        lowest = (int) Math.floor(Math.log10(least));
        highest = Math.max(lowest + 1, (int) Math.ceil(Math.log10(most)));
    }

    /** The whole file. */
    String svg() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                WIDTH, HEIGHT);
        add("<title>Latency against load</title>");
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        axes();
        for (int i = 0; i < series.size(); i++) {
            line(series.get(i));
            legend(series.get(i), TOP + 10 + 22 * i);
        }
        add("</svg>");
        return svg.toString();
    }

    private void axes() {
        for (int power = lowest; power <= highest; power++) {
            double y = y(Math.pow(10, power));
            grid(LEFT, y, WIDTH - RIGHT, y);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 6, y + 4, decimal(power));
        }
        for (double rate :
                series.getFirst().points().stream().mapToDouble(Point::rate).toArray()) {
            grid(x(rate), TOP, x(rate), HEIGHT - BOTTOM);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%,.0f</text>", x(rate), HEIGHT - BOTTOM + 18, rate);
        }
        add("<text x=\"%d\" y=\"%d\">ms</text>", LEFT - 20, TOP - 12);
        add("<text x=\"%d\" y=\"%d\">requests/s</text>", LEFT, HEIGHT - 10);
    }

    private static String decimal(int power) {
        return power < 0 ? "0." + "0".repeat(-power - 1) + "1" : "1" + "0".repeat(power);
    }

    private void line(Series one) {
        StringBuilder points = new StringBuilder();
        for (Point point : one.points()) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.rate()), y(point.millis())));
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
                    x(point.rate()), y(point.millis()), one.color());
        }
        add(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>",
                points.toString().strip(), one.color(), one.dashes());
    }

    private void legend(Series one, int y) {
        int x = WIDTH - RIGHT + 12;
        add(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\""
                        + " stroke-dasharray=\"%s\"/>",
                x, y, x + 28, y, one.color(), one.dashes());
        add("<text x=\"%d\" y=\"%d\">%s</text>", x + 34, y + 4, one.name());
    }

    private void grid(double fromX, double fromY, double toX, double toY) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", fromX, fromY, toX, toY);
    }

    private double x(double rate) {
        return LEFT + (WIDTH - LEFT - RIGHT) * rate / highestRate;
    }

    private double y(double millis) {
        double part = (Math.log10(millis) - lowest) / (highest - lowest);
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part;
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
