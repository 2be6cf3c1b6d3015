#include "fer/report/agreement_figure.h"

#include <algorithm>

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

TEST_CASE("bands of agreement have names that people read", "[report][unit]") {
  CHECK(band_name({0.0, 0.5, {}}) == "up to 50 %");
  CHECK(band_name({0.5, 0.6, {}}) == "over 50 to 60 %");
  CHECK(band_name({0.9, 1.0, {}}) == "over 90 to 100 %");
}

TEST_CASE("each band has its accuracy and its images", "[report][unit]") {
  metrics::VoteScores votes;
  votes.by_agreement = {{0.0, 0.5, {1200, 300}}, {0.5, 1.0, {0, 0}}};
  const std::string svg = agreement_svg(votes, {"T", ""});
  const auto texts = test::drawn_texts(svg);
  for (const char* wanted : {"up to 50 %", "25.0 %", "1,200", "over 50 to 100 %", "–"}) {
    INFO(wanted);
    CHECK(std::count(texts.begin(), texts.end(), wanted) == 1);
  }
  CHECK(test::xml_elements(svg)[2].text.find("no images of 0") != std::string::npos);
}

TEST_CASE("votes without bands are no figure", "[report][unit]") {
  CHECK_THROWS_AS(agreement_svg({}, {}), Error);
}

}  // namespace
}  // namespace fer::report
