#include "fer/detect/detector_kind.h"

#include <set>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "fer/detect/detector_help.h"
#include "fer/detect/detector_names.h"
#include "support/catch.h"

namespace fer::detect {
namespace {

using Catch::Matchers::ContainsSubstring;

TEST_CASE("the names of detectors are auto and those of the table", "[detect][unit]") {
  std::vector<std::string> names = {"auto"};
  for (const DetectorKind& kind : detector_kinds()) names.push_back(kind.name);
  CHECK(detector_names() == names);
  for (const char* name : {"yunet", "none"}) CHECK(detector_kind(name).name == name);
  CHECK_THROWS_AS(detector_kind("auto"), Error);
}

TEST_CASE("what a detector says of itself is complete", "[detect][unit]") {
  std::set<std::string> deepface;
  for (const DetectorKind& kind : detector_kinds()) {
    CAPTURE(kind.name);
    CHECK(kind.open != nullptr);
    // A file that is given to `auto` can be distinguished from those of other detectors.
    const bool told = !kind.file_ending.empty() || !kind.onnx_output.empty();
    CHECK(told == !kind.files.empty());
    CHECK(kind.file_is.empty() == kind.files.empty());
    CHECK(kind.sides.empty() == kind.usual_side.empty());
    if (kind.last_resort) CHECK_FALSE(kind.remark.empty());
    if (!kind.deepface.empty()) CHECK(deepface.insert(kind.deepface).second);
  }
}

TEST_CASE("help says of each detector what tells it from the others", "[detect][unit]") {
  CHECK_THAT(detector_help(),
             ContainsSubstring("the first of yunet, centerface and haar whose file is found") &&
                 ContainsSubstring("; none treats the whole picture as one face"));
  CHECK_THAT(detector_size_help(),
             ContainsSubstring("320 or 640 for yunet, a multiple of 32 for centerface; ") &&
                 ContainsSubstring("0 means the installed file's size for yunet and 320 for "));
  CHECK(usual_crop_help() == "0.91 for yunet and 1 for centerface and haar");
}

}  // namespace
}  // namespace fer::detect
