#include "fer/core/safetensors_file.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer {
namespace {

using Catch::Matchers::ContainsSubstring;

// A file with this header and these data bytes.
std::filesystem::path write(const test::TemporaryFolder& folder, const std::string& header,
                            const std::string& data) {
  const std::uint64_t length = header.size();
  const std::string start(reinterpret_cast<const char*>(&length), sizeof(length));
  const auto path = folder / "file.safetensors";
  write_file(path, start + header + data);
  return path;
}

template <typename Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

TEST_CASE("Tensors and metadata are what the header says", "[core][unit]") {
  const test::TemporaryFolder folder;
  const SafetensorsFile file(
      write(folder,
            R"({"__metadata__":{"a":"b"},)"
            R"("second":{"dtype":"F32","shape":[2,1],"data_offsets":[3,11]},)"
            R"("first":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})",
            "xyz" + bytes_of<float>({1.5F, -2.0F})));
  CHECK(file.metadata() == std::map<std::string, std::string>{{"a", "b"}});
  REQUIRE(file.tensors().size() == 2);
  CHECK(file.tensors()[0].name == "first");  // by place in the file
  CHECK(file.bytes(file.tensors()[0]) == "xyz");
  const StoredTensor* second = file.find("second");
  REQUIRE(second != nullptr);
  CHECK(second->shape == std::vector<std::int64_t>{2, 1});
  CHECK(second->count() == 2);
  CHECK(file.floats(*second) == std::vector<float>{1.5F, -2.0F});  // aligned to nothing
  CHECK(file.find("third") == nullptr);
}

TEST_CASE("Floats of every width are read as floats", "[core][unit]") {
  const test::TemporaryFolder folder;
  const auto floats_of = [&](const std::string& type, std::size_t count, const std::string& data) {
    const std::string size = std::to_string(data.size());
    const SafetensorsFile file(write(folder,
                                     R"({"x":{"dtype":")" + type + R"(","shape":[)" +
                                         std::to_string(count) + R"(],"data_offsets":[0,)" + size +
                                         "]}}",
                                     data));
    return file.floats(file.tensors().at(0));
  };
  CHECK(floats_of("F64", 2, bytes_of<double>({0.1, 1e300})) == std::vector<float>{0.1F, INFINITY});
  // 1, -2, the largest, the smallest normal, the smallest of all, zeros and an infinity.
  CHECK(floats_of("F16", 8,
                  bytes_of<std::uint16_t>(
                      {0x3C00, 0xC000, 0x7BFF, 0x0400, 0x0001, 0x0000, 0x8000, 0xFC00})) ==
        std::vector<float>{1.0F, -2.0F, 65504.0F, 0x1p-14F, 0x1p-24F, 0.0F, -0.0F, -INFINITY});
  CHECK(std::isnan(floats_of("F16", 1, bytes_of<std::uint16_t>({0x7E00})).at(0)));
  CHECK(floats_of("BF16", 2, bytes_of<std::uint16_t>({0x3F80, 0xC049})) ==
        std::vector<float>{1.0F, -3.140625F});
  CHECK_THROWS_WITH(floats_of("I32", 1, bytes_of<std::int32_t>({1})),
                    ContainsSubstring("holds I32"));
}

TEST_CASE("A file that is no valid one is an error that names it", "[core][unit]") {
  const test::TemporaryFolder folder;
  const auto error_of = [&](const std::string& header, const std::string& data) -> std::string {
    try {
      const SafetensorsFile file(write(folder, header, data));
      for (const StoredTensor& tensor : file.tensors()) file.bytes(tensor);
    } catch (const Error& error) {
      return error.what();
    }
    return "none";
  };
  const std::string one = R"("a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]})";
  REQUIRE(error_of("{" + one + "}", "ab") == "none");
  CHECK_THAT(error_of("{" + one + "}", "a"),
             ContainsSubstring("file.safetensors") && ContainsSubstring("cut off"));
  CHECK_THAT(error_of("{" + one + "}", "abc"), ContainsSubstring("take each byte once"));
  CHECK_THAT(
      error_of("{" + one + R"(,"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}})", "abc"),
      ContainsSubstring("starts at data byte 1"));
  CHECK_THAT(error_of(R"({"a":{"dtype":"U8","shape":[3],"data_offsets":[0,2]}})", "ab"),
             ContainsSubstring("does not fit"));
  CHECK_THAT(error_of(R"({"a":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})", "ab"),
             ContainsSubstring("neither 0 nor 1"));
  CHECK_THAT(error_of("[]", ""), ContainsSubstring("not a JSON object"));
  CHECK_THAT(error_of("{", ""), ContainsSubstring("not JSON"));
}

TEST_CASE("A file of another kind is named, with what is needed", "[core][unit]") {
  const std::string needed = "not a safetensors file, in which models are kept";
  const std::string rest(60, '\0');
  const std::pair<std::string, std::string> cases[] = {
      {"", "is empty; it should be a safetensors file, in which models are kept"},
      {"\xFF\xD8\xFF\xE0" + rest, "is a JPEG picture, " + needed},
      {"\x89PNG\r\n" + rest, "is a PNG picture, " + needed},
      {"RIFF1234WEBPVP8 " + rest, "is a WebP picture, " + needed},
      {"emotion,pixels,Usage\n3,1 2 3,Training\n", "is a text file, " + needed},
      {"BMI,emotion,pixels\n", "is a text file, " + needed},
      {std::string("BM\x36\x1b\0\0\0\0\0\0", 10) + rest, "is a BMP picture, " + needed},
      {"{\"ensemble\": []}", "is a JSON file, " + needed},
      {"short", "is a text file, " + needed},
      {"\x08\x07\x12\x07pytorch" + rest, "is an ONNX file, " + needed},
      {"PK\x03\x04" + rest, "is a PyTorch file or another ZIP archive, " + needed},
      {"\x80\x02}q" + rest, "is a PyTorch file of Python objects, " + needed},
      {"\x89HDF\r\n" + rest, "is an HDF5 file, as Keras writes models, " + needed},
      {"<!DOCTYPE html><html>", "is a web page, " + needed},
      {"version https://git-lfs.github.com/spec/v1\n",
       "is the stand-in of a file that Git LFS has not fetched yet, " + needed},
      {"\x01\x02", "is " + needed + ", or is damaged"},
      {std::string("\x20\x01\0\0\0\0\0\0{\"a\":", 13),
       "is cut short: it has 13 bytes, and its table of contents alone takes 296"},
  };
  const test::TemporaryFolder folder;
  const std::string path = folder / "m.safetensors";
  for (const auto& [content, complaint] : cases) {
    write_file(path, content);
    CAPTURE(complaint);
    CHECK_THROWS_WITH(SafetensorsFile(path), Catch::Matchers::Equals(path + ": " + complaint));
  }
}

TEST_CASE("A file lists at most 10,000 tensors", "[core][unit][bad-input]") {
  const test::TemporaryFolder folder;
  const auto header = [](int count) {
    std::string text = "{";
    for (int i = 0; i < count; ++i) {
      text += (i == 0 ? "\"" : ",\"") + std::to_string(i) +
              R"(":{"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
    }
    return text + "}";
  };
  CHECK(SafetensorsFile(write(folder, header(10'000), "")).tensors().size() == 10'000);
  CHECK_THROWS_WITH(SafetensorsFile(write(folder, header(10'001), "")),
                    ContainsSubstring("lists 10001 tensors; allowed: at most 10000"));
}

}  // namespace
}  // namespace fer
