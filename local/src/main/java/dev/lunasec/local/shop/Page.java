package dev.lunasec.local.shop;

/** The pages of the shop; each has the middle part of its HTML in a file. */
enum Page {
    START("start.html", "Welcome"),
    SIGN_UP("sign-up.html", "Sign up"),
    PROFILE("profile.html", "Your profile"),
    SUPPORT("support.html", "Support desk"),
    PROBLEM("problem.html", "That did not work");

    final String file;
    final String title;

    Page(String file, String title) {
        this.file = file;
        this.title = title;
    }
}
