#include "fer/detect/detector_files.h"

#include "detect/detector_fixtures.h"
#include "fer/core/data_folders.h"
#include "support/catch.h"

namespace fer::detect {
namespace {

using test::CurrentFolder;
using test::EnvironmentVariable;

TEST_CASE("an earlier folder goes before an earlier name", "[detect][unit]") {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "here/models");
  std::filesystem::create_directories(folder / "mine");
  const CurrentFolder here(folder / "here");
  const EnvironmentVariable variable("FER_DETECTORS", (folder / "mine").string());
  const std::vector<std::string> names = {"test-a.onnx", "test-b.onnx"};
  CHECK_FALSE(find_detector_file(names, detector_folders()).has_value());
  test::save((folder / "here/models/test-a.onnx").string(), "x");
  CHECK(find_detector_file(names, detector_folders()) ==
        std::filesystem::current_path() / "models/test-a.onnx");
  test::save((folder / "mine/test-b.onnx").string(), "x");
  CHECK(find_detector_file(names, detector_folders()) == folder / "mine/test-b.onnx");
  test::save((folder / "mine/test-a.onnx").string(), "x");
  CHECK(find_detector_file(names, detector_folders()) == folder / "mine/test-a.onnx");
}

TEST_CASE("what is not found is reported with every place", "[detect][unit]") {
  const EnvironmentVariable variable("FER_DETECTORS", "/no/such/folder");
  const std::string text = not_found_text({"a.onnx", "b.onnx"}, detector_folders());
  CHECK(text.starts_with("none of a.onnx, b.onnx was found; searched: /no/such/folder, "));
  for (const auto& folder : data_folders(DataKind::detectors)) {
    CHECK(text.find(folder.string()) != std::string::npos);
  }
  CHECK(not_found_text({"a.onnx"}, {"/x", "/y"}) == "a.onnx was not found; searched: /x, /y");
}

}  // namespace
}  // namespace fer::detect
