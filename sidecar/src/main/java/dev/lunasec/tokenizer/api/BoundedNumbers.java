package dev.lunasec.tokenizer.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;

/**
 * Makes no number with an exponent over 1000. Jackson writes some of them, like 12e2147483647, as texts that it cannot
 * read. Other numbers do not meet the bound, because Jackson reads none with over 1000 characters.
 */
final class BoundedNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1;
    private static final int LARGEST_EXPONENT = 1_000;

    /** @throws NumberFormatException for an exponent out of range */
    @Override
    public ValueNode numberNode(BigDecimal number) {
        if (Math.abs((long) number.scale()) > LARGEST_EXPONENT) throw new NumberFormatException();
        return super.numberNode(number);
    }
}
