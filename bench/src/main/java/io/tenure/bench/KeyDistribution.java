package io.tenure.bench;

/** How often each key is asked for. */
public enum KeyDistribution {
    /** All alike. */
    UNIFORM,
    /** Key number n in proportion to 1 / (n + 1)^0.99: a few are hot, most are cold. */
    ZIPF
}
