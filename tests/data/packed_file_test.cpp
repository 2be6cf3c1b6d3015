#include "fer/data/packed_file.h"

#include <ATen/ATen.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "data/csv_fixtures.h"
#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "fer/core/mapped_ranges.h"
#include "fer/tensors/safetensors.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;
using test::make_set;
using test::TemporaryFolder;

FaceSet small_set() {
  return make_set({{10, 6, Split::train}, {20, 0, Split::val}, {30, 3, Split::none}});
}

// As write_packed_file makes it, for tests that spoil a part of it.
tensors::Safetensors small_file() {
  const FaceSet set = small_set();
  return {
      .metadata = {{"format", "fer faces 1"},
                   {"labels", R"(["angry","disgust","fear","happy","sad","surprise","neutral"])"},
                   {"source", "made"}},
      .tensors = {{"images", set.images.all()}, {"labels", set.labels}, {"splits", set.splits}}};
}

// The error for a file, without its path in front.
std::string complaint(const tensors::Safetensors& content) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "set.safetensors";
  tensors::write_safetensors(path, content);
  try {
    read_packed_file(path);
  } catch (const Error& error) {
    const std::string message = error.what();
    REQUIRE(message.starts_with(path.string() + ": "));
    return message.substr(path.string().size() + 2);
  }
  return "no complaint";
}

std::string complaint_with(const std::string& name, const at::Tensor& tensor) {
  tensors::Safetensors content = small_file();
  content.tensors[name] = tensor;
  return complaint(content);
}

void check_equal(const FaceSet& a, const FaceSet& b) {
  CHECK(a.fingerprint() == b.fingerprint());
  CHECK(a.splits.equal(b.splits));
  CHECK(a.label_set == b.label_set);
  REQUIRE(a.votes.defined() == b.votes.defined());
  if (a.votes.defined()) CHECK(a.votes.equal(b.votes));
}

bool is_open(const std::filesystem::path& path) {
  const std::string name = (path.parent_path().filename() / path.filename()).string();
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry, gone).string().find(name) != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST_CASE("A packed set comes back as it was", "[data][unit]") {
  const TemporaryFolder folder;
  const FaceSet set = small_set();
  write_packed_file(folder / "set.safetensors", set);
  const FaceSet read = read_packed_file(folder / "set.safetensors");
  check_equal(read, set);
  CHECK(test::levels_of(read) == std::vector<int>{10, 20, 30});
  CHECK(read.source == (folder / "set.safetensors").string());
  CHECK(tensors::read_safetensors(folder / "set.safetensors").metadata.at("source") == "made");
}

TEST_CASE("A packed set keeps votes and classes of its own", "[data][unit]") {
  const TemporaryFolder folder;
  FaceSet set = make_set({{10, 1, Split::train}, {20, 0, Split::test}});
  set.votes = test::votes_of({{1, 2, 3, 4, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 100}});
  set.label_set = LabelSet({"fr\u00f6hlich", "sad \"so\""});
  write_packed_file(folder / "set.safetensors", set);
  check_equal(read_packed_file(folder / "set.safetensors"), set);
}

TEST_CASE("A set under a path that is no text is packed all the same", "[data][unit]") {
  const TemporaryFolder folder;
  FaceSet set = small_set();
  set.source = "caf\xe9.csv";
  write_packed_file(folder / "set.safetensors", set);
  CHECK(read_packed_file(folder / "set.safetensors").size() == 3);
}

TEST_CASE("A packed set's file stays open for as long as its images are held", "[data][unit]") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "set.safetensors";
  write_packed_file(path, small_set());
  CHECK_FALSE(is_open(path));
  {
    Images images;
    {
      const FaceSet read = read_packed_file(path);
      images = read.images;
      CHECK(is_open(path));
    }
    CHECK(is_open(path));
    // Packing again replaces the file's name, not the open file.
    write_packed_file(path, make_set({{99, 0, Split::train}}));
    CHECK(images.row(1)[0][0].item<int>() == 20);
  }
  CHECK_FALSE(is_open(path));
}

TEST_CASE("A packed file that is cut short while it is read is an error that names it",
          "[data][unit]") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "set.safetensors";
  write_packed_file(path, small_set());
  const FaceSet read = read_packed_file(path);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 10);  // splits come last
  CHECK(read.images.row(1)[0][0].item<int>() == 20);
  CHECK_THROWS_MATCHES(read.images.row(2), Error,
                       MessageMatches(Catch::Matchers::Equals(
                           path.string() + ": was made shorter while it was read")));
}

TEST_CASE("A packed file that is overwritten while it is read is found out", "[data][unit]") {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder / "set.safetensors";
  write_packed_file(path, small_set());
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  const FaceSet read = read_packed_file(path);
  check_mapped_files();
  std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(-1, std::ios::end)
      << 'x';
  CHECK_THROWS_MATCHES(check_mapped_files(), Error,
                       MessageMatches(ContainsSubstring(path.string() + ": was changed")));
}

TEST_CASE("A packed set can be split anew", "[data][unit]") {
  const TemporaryFolder folder;
  write_packed_file(folder / "set.safetensors", small_set());
  FaceSet read = read_packed_file(folder / "set.safetensors");
  read.splits.fill_(0);  // unlike the images, splits are no view of the file
  read.labels.fill_(1);
  CHECK(read.count(Split::train) == 3);
  CHECK(read.select(at::full({1}, 2, at::kLong)).images.all()[0][0][0].item<int>() == 30);
}

TEST_CASE("Packed files are known by how they start, or by their names", "[data][unit]") {
  const TemporaryFolder folder;
  write_packed_file(folder / "set.bin", small_set());
  CHECK(is_packed_file(folder / "set.bin"));
  CHECK(is_packed_file(test::save(folder / "cut.SAFETENSORS", "x")));
  CHECK_FALSE(is_packed_file(test::save(folder / "faces.csv", test::csv_of(1))));
  CHECK_FALSE(is_packed_file(test::save(folder / "short.csv", "emotion")));
  CHECK_FALSE(is_packed_file(test::save(folder / "empty", "")));
  CHECK_FALSE(is_packed_file(folder.path()));
  CHECK_FALSE(is_packed_file(folder / "none.safetensors"));
}

TEST_CASE("Another kind of file says so", "[data][unit]") {
  tensors::Safetensors model = small_file();
  model.metadata = {{"format_version", "1"}, {"architecture", "seed-cnn"}};
  CHECK(complaint(model) == "is a model, not a set of images");
  tensors::Safetensors newer = small_file();
  newer.metadata["format"] = "fer faces 2";
  CHECK(complaint(newer) ==
        "is not a packed set of images: metadata 'format' is 'fer faces 2'; allowed: "
        "'fer faces 1'");
  tensors::Safetensors bare = small_file();
  bare.metadata.clear();
  CHECK_THAT(complaint(bare), ContainsSubstring("metadata 'format' is missing"));
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read_packed_file(test::save(folder / "cut.safetensors", "x")), Error,
                       MessageMatches(ContainsSubstring("not a safetensors file")));
}

TEST_CASE("A packed set without a tensor, or with one of another shape, says which",
          "[data][unit]") {
  const std::string start = "is not a valid packed data set: ";
  for (const std::string name : {"images", "labels", "splits"}) {
    tensors::Safetensors content = small_file();
    content.tensors.erase(name);
    CHECK(complaint(content) == start + "it has no tensor '" + name + "'");
  }
  CHECK(complaint_with("images", at::zeros({0, 48, 48}, at::kByte)) ==
        start + "it holds no images");
  CHECK(complaint_with("images", at::scalar_tensor(0, at::kByte)) == start + "it holds no images");
  CHECK(complaint_with("images", at::zeros({3, 64, 48}, at::kByte)) ==
        start + "tensor 'images' is Byte [3, 64, 48]; needed: Byte [3, 48, 48]");
  CHECK(complaint_with("images", at::zeros({3, 8, 8}, at::kByte)) ==
        start + "tensor 'images' is Byte [3, 8, 8]; needed: Byte [3, 48, 48]");
  CHECK(complaint_with("images", at::zeros({3, 64, 64, 4}, at::kByte)) ==
        start + "tensor 'images' is Byte [3, 64, 64, 4]; needed: Byte [3, 48, 48]");
  CHECK(complaint_with("images", at::zeros({3, 64, 64}, at::kFloat)) ==
        start + "tensor 'images' is Float [3, 64, 64]; needed: Byte [3, 64, 64]");
  CHECK(complaint_with("images", at::zeros({3, 48, 48}, at::kFloat)) ==
        start + "tensor 'images' is Float [3, 48, 48]; needed: Byte [3, 48, 48]");
  CHECK(complaint_with("labels", at::zeros({2}, at::kLong)) ==
        start + "tensor 'labels' is Long [2]; needed: Long [3]");
  CHECK(complaint_with("splits", at::zeros({3, 1}, at::kByte)) ==
        start + "tensor 'splits' is Byte [3, 1]; needed: Byte [3]");
  CHECK(complaint_with("votes", at::zeros({3, 8}, at::kByte)) ==
        start + "tensor 'votes' is Byte [3, 8]; needed: Byte [3, 10]");
}

TEST_CASE("A value out of bounds in a packed set names tensor, value and image", "[data][unit]") {
  const std::string start = "is not a valid packed data set: tensor ";
  CHECK(complaint_with("labels", at::tensor({0, 7, 0}, at::kLong)) ==
        start + "'labels' holds 7 for image 1; allowed: 0 to 6");
  CHECK(complaint_with("labels", at::tensor({0, 0, -1}, at::kLong)) ==
        start + "'labels' holds -1 for image 2; allowed: 0 to 6");
  CHECK(complaint_with("splits", at::tensor({4, 0, 0}, at::kInt).to(at::kByte)) ==
        start + "'splits' holds 4 for image 0; allowed: 0 to 3");
  at::Tensor votes = at::zeros({3, 10}, at::kByte);
  votes[1][9] = 101;
  CHECK(complaint_with("votes", votes) ==
        start + "'votes' holds 101 for image 1; allowed: 0 to 100");
}

TEST_CASE("Class names of a packed set that are none are refused", "[data][unit]") {
  const auto with_labels = [](const std::string& labels) {
    tensors::Safetensors content = small_file();
    content.metadata["labels"] = labels;
    return complaint(content);
  };
  const std::string start = "is not a valid packed data set: metadata 'labels'";
  CHECK(with_labels("angry") == start + " is 'angry'; a JSON list of class names is expected");
  CHECK(with_labels(R"({"a":"b"})") ==
        start + " is '{\"a\":\"b\"}'; a JSON list of class names is expected");
  CHECK(with_labels(R"(["only"])") == start + ": a label set has 2 to 1000 classes, not 1");
  CHECK_THAT(with_labels("[1,2]"), ContainsSubstring(start + ": "));
  tensors::Safetensors content = small_file();
  content.metadata.erase("labels");
  CHECK(complaint(content) == start + " is ''; a JSON list of class names is expected");
}

TEST_CASE("Python's safetensors reads a packed set, and what it writes is one",
          "[data][integration]") {
  FER_NEED_PYTHON("torch", "safetensors");
  const TemporaryFolder folder;
  FaceSet set = small_set();
  set.votes = test::votes_of({{1}, {2}, {3}});
  write_packed_file(folder / "a.safetensors", set);
  test::run_python("safetensors_copy.py", {folder / "a.safetensors", folder / "b.safetensors"});
  check_equal(read_packed_file(folder / "b.safetensors"), set);
}

TEST_CASE("Packed images keep their size and colours", "[data][unit]") {
  const TemporaryFolder folder;
  for (const std::vector<std::int64_t>& sizes :
       {std::vector<std::int64_t>{3, 112, 112, 3}, std::vector<std::int64_t>{3, 64, 64}}) {
    FaceSet set = small_set();
    set.images = at::randint(256, sizes, at::kByte);
    const std::string path = folder / std::to_string(sizes[1]);
    write_packed_file(path, set);
    const FaceSet read = read_packed_file(path);
    CHECK(read.images.format() == set.images.format());
    CHECK(read.images.all().equal(set.images.all()));
    CHECK(read.fingerprint() == set.fingerprint());
  }
}

}  // namespace
}  // namespace fer::data
