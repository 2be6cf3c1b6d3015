#include "fer/core/option_spelling.h"

#include "fer/core/option_error.h"
#include "support/catch.h"

namespace fer {
namespace {

const OptionSpelling kSpelling({"lr", "batch_size", "flip"});

TEST_CASE("A flag is the field's name with dashes", "[core][unit]") {
  CHECK(flag_of("batch_size") == "--batch-size");
  CHECK(flag_of("lr") == "--lr");
}

TEST_CASE("Options that a text names become flags", "[core][unit]") {
  CHECK(kSpelling.spelled("try a smaller " + option("lr") + " (or " + option("batch_size") + ")") ==
        "try a smaller --lr (or --batch-size)");
  CHECK(kSpelling.spelled(option("lr") + option("lr")) == "--lr--lr");
  CHECK(kSpelling.spelled("pass " + option("no_flip")) == "pass --no-flip");
}

TEST_CASE("What is no option of the program stays as it is", "[core][unit]") {
  for (const char* text : {"", "\"", "\"lr", "say \"hello\"", R"({"1": "fear"})", "\"rate\": 3",
                           "\"no_\"", "last read: '\"lr\"'"}) {
    CHECK(kSpelling.spelled(text) == text);
  }
  for (const std::string text : {R"('["lr","batch_size"]' is not a number)", R"('a "lr" b')",
                                 R"(FER+'s votes of 'x "lr" y' and 'it's "lr"')"}) {
    CHECK(kSpelling.spelled(text) == text);
  }
  CHECK(kSpelling.spelled(R"(the model's "lr" and 'x' with "lr")") ==
        "the model's --lr and 'x' with --lr");
  CHECK(kSpelling.spelled(R"(a list of {"lr": NUMBER})") == R"(a list of {"lr": NUMBER})");
  CHECK(OptionSpelling().spelled("\"lr\"") == "\"lr\"");
  CHECK(kSpelling.spelled("\"a\"lr\" b") == "\"a--lr b");  // the first quote opens nothing
}

TEST_CASE("An option that a text places in a file stays a key", "[core][unit]") {
  CHECK(kSpelling.spelled("\"lr\" in the model's recipe: 7") == "\"lr\" in the model's recipe: 7");
}

TEST_CASE("An error begins with the flag of its option", "[core][unit]") {
  CHECK(kSpelling.message(OptionError("batch_size", "0 is not allowed")) ==
        "--batch-size: 0 is not allowed");
  CHECK(kSpelling.message(OptionError("lr", "7", "does not go with " + option("no_flip"))) ==
        "--lr 7: does not go with --no-flip");
  CHECK(kSpelling.message(OptionError("rate", "7 is not allowed")) == "\"rate\": 7 is not allowed");
  CHECK(kSpelling.message(Error("pass " + option("lr"))) == "pass --lr");
}

TEST_CASE("An error begins with the key and its place where the value is a file's",
          "[core][unit]") {
  OptionSpelling spelling = kSpelling;
  spelling.set_origin("lr", "nano.json line 7");
  spelling.set_origin("flip", "nano.json line 2");
  CHECK(spelling.message(OptionError("lr", "7 is not allowed with " + option("batch_size"))) ==
        "\"lr\" in nano.json line 7: 7 is not allowed with --batch-size");
  CHECK(spelling.message(OptionError("lr", "7", "is too much")) ==
        "\"lr\" 7 in nano.json line 7: is too much");
  CHECK(spelling.message(OptionError("no_flip", "needs a mirror")) ==
        "\"flip\" in nano.json line 2: needs a mirror");
  // An error that already names its origin, and a value that the command line has overridden.
  CHECK(spelling.message(OptionError("lr", "7 is not allowed").from("run.json")) ==
        "\"lr\" in run.json: 7 is not allowed");
  spelling.set_origin("lr", "");
  CHECK(spelling.message(OptionError("lr", "7 is not allowed")) == "--lr: 7 is not allowed");
}

}  // namespace
}  // namespace fer
