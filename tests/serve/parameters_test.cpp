#include "fer/serve/parameters.h"

#include <nlohmann/json.hpp>

#include "fer/serve/problem.h"
#include "support/catch.h"

namespace fer::serve {
namespace {

nlohmann::ordered_json problem_of(const Fields& fields) {
  PredictParameters parameters;
  try {
    read_parameters(fields, "query parameter", parameters);
  } catch (const Problem& problem) {
    return problem.json();
  }
  return {};
}

TEST_CASE("Parameters are read from texts; what is not named stays", "[serve][unit]") {
  PredictParameters parameters;
  parameters.model = "nano";
  read_parameters({{"tta", "ten-crop"},
                   {"top", "3"},
                   {"min_confidence", "0.25"},
                   {"explain", ""},
                   {"annotate", "false"}},
                  "field", parameters);
  CHECK(parameters.model == "nano");
  CHECK(parameters.tta == infer::Tta::ten_crop);
  CHECK(parameters.top == 3);
  CHECK(parameters.min_confidence == 0.25);
  CHECK(parameters.explain);
  CHECK_FALSE(parameters.annotate);
}

TEST_CASE("A wrong parameter is reported with what is allowed", "[serve][unit][bad-input]") {
  CHECK(problem_of({{"top", "1001"}})["allowed"] == "1 to 1000");
  CHECK(problem_of({{"top", "3x"}})["part"] == "query parameter top");
  CHECK(problem_of({{"top", "-1"}})["status"] == 400);
  CHECK(problem_of({{"min_confidence", "nan"}})["allowed"] == "0 to 1");
  CHECK(problem_of({{"min_confidence", "1.5"}})["allowed"] == "0 to 1");
  CHECK(problem_of({{"explain", "yes"}})["allowed"] == "true, false");
  CHECK(problem_of({{"tta", "Flip"}})["allowed"] == "none, flip, shifts, ten-crop");
  CHECK(problem_of({{"detektor", "x"}})["detail"] ==
        "there is no query parameter 'detektor'; did you mean detector?");
}

}  // namespace
}  // namespace fer::serve
