#include "fer/commands/advice.h"

#include "fer/core/option_error.h"
#include "support/catch.h"

namespace fer::commands {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("A program says what its users can do about a file that was not found",
          "[commands][unit]") {
  const NotFoundError error(Missing::detector, "detector", "yunet", "was not found");
  CHECK(advice(error, OptionSpelling({"detector", "detector_model"})) ==
        "; name the file with --detector-model, or set FER_DETECTORS to the folder of the file");
  // fer-data check has no such flag.
  CHECK(advice(error, OptionSpelling({"detector"})) ==
        "; set FER_DETECTORS to the folder of the file");
}

TEST_CASE("Each kind of file that was not found has advice", "[commands][unit]") {
  const OptionSpelling spelling({"data", "detector_model"});
  const auto about = [&](Missing missing) {
    return advice(NotFoundError(missing, "x", "", "was not found"), spelling);
  };
  CHECK_THAT(about(Missing::model), ContainsSubstring("FER_MODELS"));
  CHECK_THAT(about(Missing::best_model), ContainsSubstring("fer-train"));
  CHECK_THAT(about(Missing::cascade), ContainsSubstring("opencv-data"));
  CHECK_THAT(about(Missing::data), ContainsSubstring("--data synthetic needs no download"));
}

TEST_CASE("Any other error has no advice", "[commands][unit]") {
  CHECK(advice(Error("a.csv: is empty"), OptionSpelling()).empty());
  CHECK(advice(OptionError("lr", "is wrong"), OptionSpelling()).empty());
}

}  // namespace
}  // namespace fer::commands
