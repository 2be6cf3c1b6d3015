// Files of another kind than the wanted one.
#include <filesystem>
#include <string>

#include "fer/commands/model_command.h"
#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/safetensors_writer.h"
#include "fer/data/open_data.h"
#include "fer/data/packed_file.h"
#include "fer/data/synthetic_set.h"
#include "fer/model/named_models.h"
#include "fer/nn/named_models.h"
#include "support/catch.h"
#include "support/models.h"
#include "support/recording_console.h"
#include "support/temporary_folder.h"

namespace fer::commands {
namespace {

using test::TemporaryFolder;

template <class Read>
std::string complaint(const std::string& path, const Read& read) {
  try {
    read();
  } catch (const Error& error) {
    const std::string text = error.what();
    const std::string start = path + ": ";
    return text.starts_with(start) ? text.substr(start.size()) : text;
  }
  return "none";
}

// Reads the file in each of the ways that programs read models.
void check_as_model(const std::string& path, const std::string& expected) {
  CHECK(complaint(path, [&] { model::load_models({path}); }) == expected);
  CHECK(complaint(path, [&] { nn::load_models({path}, "cpu"); }) == expected);
  test::RecordingConsole console;
  ModelDescribeOptions describe;
  describe.model = path;
  CHECK(complaint(path, [&] { run_model_describe(describe, console); }) == expected);
}

void check_as_data(const std::string& path, const std::string& expected) {
  data::DataOptions options;
  options.data = {path};
  CHECK(complaint(path, [&] { data::open_data(options, 1); }) == expected);
}

constexpr const char* kNoSet =
    ", not a set of images; as a file, a CSV with the columns emotion, pixels and Usage or a "
    "packed set is expected";
constexpr const char* kNoModel = ", not a safetensors file, in which models are kept";

TEST_CASE("A packed set of images is no model, and says so", "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string set = folder / "set.safetensors";
  data::write_packed_file(set, data::make_synthetic_set(70, 1));
  check_as_model(set, "is a packed set of images, not a model");
  check_as_data(set, "none");
}

TEST_CASE("A model is no set of images, and says so", "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string model = folder / "m.safetensors";
  nn::save_model(model, test::fresh_model());
  check_as_data(model, "is a model, not a set of images");
  check_as_model(model, "none");
}

TEST_CASE("The checkpoint of a run is neither model nor set of images, and says where the model is",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string checkpoint = folder / "last.ckpt";
  write_safetensors(checkpoint, {{"format", "fer checkpoint 2"}, {"recipe", "{}"}}, {});
  check_as_model(checkpoint,
                 "is the checkpoint of a run, not a model; the run's model is best.safetensors "
                 "beside it");
  check_as_data(checkpoint, "is the checkpoint of a run, not a set of images");
}

TEST_CASE("Files of other programs are named by their kind, as models and as data",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string rest(60, '\0');
  const struct {
    std::string content, what;
  } rows[] = {{"\x08\x07\x12\x07pytorch" + rest, "an ONNX file"},
              {R"({"ensemble": [{"model": "small"}, {"model": "nano"}]})", "a JSON file"},
              {"\xFF\xD8\xFF\xE0" + rest, "a JPEG picture"},
              {"PK\x03\x04" + rest, "a PyTorch file or another ZIP archive"},
              {"<!DOCTYPE html><html>", "a web page"}};
  const std::string path = folder / "given";
  for (const auto& row : rows) {
    CAPTURE(row.what);
    write_file(path, row.content);
    check_as_model(path, "is " + row.what + kNoModel);
    check_as_data(path, "is " + row.what + kNoSet);
  }
}

TEST_CASE("A third-party safetensors file is reported to be no file of fer",
          "[commands][integration]") {
  const TemporaryFolder folder;
  const std::string path = folder / "weights.safetensors";
  write_safetensors(path, {{"format", "pt"}}, {});
  check_as_model(path,
                 "is not a model of this toolkit: metadata 'format_version' is missing; the file "
                 "was not written by this toolkit");
  check_as_data(path,
                "is not a packed set of images: metadata 'format' is 'pt'; allowed: 'fer faces 1'");
}

}  // namespace
}  // namespace fer::commands
