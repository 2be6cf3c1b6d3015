#include "fer/report/lr_range_figure.h"

#include "fer/core/error.h"
#include "report/xml_elements.h"
#include "support/catch.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("A range test's figure names its decades and says which rate is suggested",
          "[report][unit]") {
  const std::string svg = lr_range_svg({1e-5, 1e-4, 1e-3, 1e-2}, {2.0, 1.9, 1.2, 5.0}, 3e-4,
                                       {"Learning-rate range test", "nano, sgd"});
  for (const char* part : {">0.00001<", ">0.001<", ">0.01<", "learning rate", "suggested: 0.000300",
                           "0.000300 is suggested", "nano, sgd"}) {
    CHECK_THAT(svg, ContainsSubstring(part));
  }
}

TEST_CASE("A single point is no curve", "[report][unit]") {
  CHECK_THROWS_AS(lr_range_svg({1e-3}, {1.0}, 1e-3, {}), Error);
  CHECK_THROWS_AS(lr_range_svg({1e-3, 1e-2}, {1.0}, 1e-3, {}), Error);
}

}  // namespace
}  // namespace fer::report
