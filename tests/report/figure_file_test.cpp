#include "fer/report/figure_file.h"

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/svg_png.h"
#include "support/catch.h"
#include "support/png_size.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using test::TemporaryFolder;

constexpr const char* kSvg = R"(<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20">)"
                             R"(<rect width="9" height="9"/></svg>)";

TEST_CASE("a figure is written as its path's ending says", "[report][unit]") {
  const TemporaryFolder folder;
  write_figure(folder / "a.svg", kSvg);
  CHECK(read_file(folder / "a.svg", 1000) == kSvg);
  if (!can_render_svg()) FER_SKIP("this build writes no PNG");
  for (const char* name : {"a.png", "b.PNG"}) {
    write_figure(folder / name, kSvg);
    CHECK(test::png_size(folder / name) == test::PngSize{60, 40});  // twice the size, for print
  }
}

TEST_CASE("a figure of another ending is an error that names those there are", "[report][unit]") {
  using Catch::Matchers::ContainsSubstring;
  const TemporaryFolder folder;
  for (const char* name : {"a.jpg", "a", ".svg", "a.svg.gz"}) {
    CAPTURE(name);
    CHECK_THROWS_MATCHES(write_figure(folder / name, kSvg), Error,
                         Catch::Matchers::MessageMatches(ContainsSubstring(name) &&
                                                         ContainsSubstring(".svg or .png")));
  }
  CHECK(folder.entries() == 0);
}

TEST_CASE("a figure goes beside its stem as SVG and, where that can be, as PNG", "[report][unit]") {
  const TemporaryFolder folder;
  // A dot in the stem is no ending.
  write_figure_files(folder / "run.5", kSvg);
  CHECK(read_file(folder / "run.5.svg", 1000) == kSvg);
  CHECK(std::filesystem::exists(folder / "run.5.png") == can_render_svg());
}

}  // namespace
}  // namespace fer::report
