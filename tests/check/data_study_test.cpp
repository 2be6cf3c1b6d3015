#include "fer/check/data_study.h"

#include <nlohmann/json.hpp>

#include "fer/check/check_json.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"

namespace fer::check {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::RecordingConsole;

data::FaceSet few_faces() { return test::set_of(test::faces_taken_for({0, 1, 2}), {0, 1, 2}); }

TEST_CASE("What a study did not look for is reported with its reason, and leaves no key",
          "[check][unit]") {
  const data::FaceSet set = few_faces();
  RecordingConsole log;
  const auto study = study_data(set, {.doubts = true, .detector = "none"}, log, log.stop);
  REQUIRE(study);
  CHECK_FALSE(study->doubts.found);
  CHECK_THAT(study->doubts.note, ContainsSubstring("too few to learn from"));
  CHECK_THAT(log.notices, ContainsSubstring("too few to learn from"));
  CHECK_FALSE(study->without_face);
  CHECK_THAT(study->search_note, ContainsSubstring("not looked for"));
  nlohmann::json findings = check_json(data::check_data(set), set);
  add_study(*study, set, findings);
  CHECK_FALSE(findings.contains("doubted_labels"));
  CHECK_FALSE(findings.contains("faceless_rows"));
}

TEST_CASE("A study that is stopped finds nothing", "[check][unit]") {
  RecordingConsole log;
  log.stop = true;
  CHECK_FALSE(study_data(few_faces(), {.doubts = false, .detector = "none"}, log, log.stop));
}

TEST_CASE("A detector that is not there is an error before the work", "[check][unit]") {
  RecordingConsole log;
  CHECK_THROWS_AS(study_data(few_faces(), {.detector = "no such detector"}, log, log.stop), Error);
  CHECK(log.notices == "");
}

}  // namespace
}  // namespace fer::check
