#include "fer/data/image_folder.h"

#include <ATen/Functions.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "data/folder_fixtures.h"
#include "data/set_fixtures.h"
#include "fer/core/error.h"
#include "support/catch.h"
#include "support/temporary_folder.h"
#if FER_WITH_VISION
#include "image/exif_fixtures.h"
#endif

namespace fer::data {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using test::TemporaryFolder;

#if FER_WITH_VISION
TEST_CASE("Errors about numbered folders that are no class name --class-names", "[data][unit]") {
  const TemporaryFolder folder;
  for (const char* number : {"1", "2"}) {
    fs::create_directories(folder / number);
    std::ofstream(folder / number / "a.png") << "any";
  }
  std::vector<std::string> notes;
  CHECK_THROWS_MATCHES(
      read_image_folder(folder.path(), {}, 1, notes), Error,
      MessageMatches(ContainsSubstring("\"class_names\" 1=surprise,2=fear says what numbered")));
  FolderOptions named;
  named.known = LabelSet({"1", "2"});
  named.names = ClassNames::read("1=surprise,2=fear");
  CHECK_THROWS_MATCHES(read_image_folder(folder.path(), named, 1, notes), Error,
                       MessageMatches(ContainsSubstring("\"class_names\" calls '1' 'surprise'")));
}

TEST_CASE(
    "Where a model's classes are the known ones, its names are advised and not the folders' own",
    "[data][unit]") {
  const TemporaryFolder folder;
  FolderOptions options;
  options.known = LabelSet({"calm", "tense"});
  options.of_model = true;
  for (const char* stranger : {"glum", "7"}) {
    CAPTURE(stranger);
    fs::create_directories(folder / stranger / "s");
    std::ofstream(folder / stranger / "s/a.png") << "any";
    std::vector<std::string> notes;
    CHECK_THROWS_MATCHES(
        read_image_folder(folder.path(), options, 1, notes), Error,
        MessageMatches(ContainsSubstring("the folder '" + std::string(stranger) +
                                         "' is not a known class or split") &&
                       ContainsSubstring("\"class_names\" " + std::string(stranger) + "=calm") &&
                       ContainsSubstring("\"unknown_classes\" skip leaves them out") &&
                       !ContainsSubstring("from-data")));
    fs::remove_all(folder / stranger);
  }
}

TEST_CASE("The folders that hold pictures are handed on under their own names", "[data][unit]") {
  const TemporaryFolder folder;
  for (const char* name : {"train/1", "train/joy", "test/1"}) {
    fs::create_directories(folder / name);
    test::save_grey(folder / name / "a.pgm", 1);
  }
  fs::create_directories(folder / "train/9");
  FolderOptions options;
  options.names = ClassNames::read("1=happy,9=happy");
  std::set<std::string> met;
  options.met = &met;
  std::vector<std::string> notes;
  read_image_folder(folder.path(), options, 1, notes);
  CHECK(met == std::set<std::string>{"1", "joy"});
}
#endif

TEST_CASE("Folders of splits are known by their names", "[data][unit]") {
  CHECK(split_of_folder("Validation") == Split::val);
  CHECK(split_of_folder("train") == Split::train);
  CHECK(split_of_folder("PrivateTest") == Split::test);
  CHECK_FALSE(split_of_folder("happy"));
}

TEST_CASE("A folder is one that this reader takes, a file is not", "[data][unit]") {
  const TemporaryFolder folder;
  CHECK(is_image_folder(folder.path()));
  CHECK_FALSE(is_image_folder(test::save(folder / "file", "x")));
  CHECK_FALSE(is_image_folder(folder / "none"));
}

#if FER_WITH_VISION

using test::levels_of;
using test::save_grey;

auto fails_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

struct Reading {
  FaceSet set;
  std::vector<std::string> notes;
};

Reading read(const fs::path& path, const FolderOptions& options = {}, int threads = 1) {
  Reading reading;
  reading.set = read_image_folder(path, options, threads, reading.notes);
  return reading;
}

FolderOptions skipping_unknown() {
  FolderOptions options;
  options.unknown = UnknownClasses::skip;
  return options;
}

FolderOptions skipping_broken() {
  FolderOptions options;
  options.broken = BrokenImages::skip;
  return options;
}

FolderOptions with_own_classes() {
  FolderOptions options;
  options.own_classes = true;
  return options;
}

std::vector<std::int64_t> values(const at::Tensor& tensor) {
  const at::Tensor wide = tensor.to(at::kLong).contiguous();
  const auto* data = wide.const_data_ptr<std::int64_t>();
  return {data, data + wide.numel()};
}

TEST_CASE("Folders of classes are a set without splits, in order of their names", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "sad/b.pgm", 3);
  save_grey(folder / "sad/a.pgm", 2);
  save_grey(folder / "happy/z.pgm", 1);
  const FaceSet set = read(folder.path()).set;
  CHECK(levels_of(set) == std::vector<int>{1, 2, 3});
  CHECK(values(set.labels) == std::vector<std::int64_t>{3, 4, 4});
  CHECK(set.count(Split::none) == 3);
  CHECK(set.source == folder.path().string());
  CHECK(set.images.all().sizes() == at::IntArrayRef({3, 48, 48}));
}

TEST_CASE("Folders of splits may have any of their usual names", "[data][unit]") {
  for (const auto& [name, split] :
       std::vector<std::pair<std::string, Split>>{{"train", Split::train},
                                                  {"Training", Split::train},
                                                  {"val", Split::val},
                                                  {"valid", Split::val},
                                                  {"Validation", Split::val},
                                                  {"PublicTest", Split::val},
                                                  {"TEST", Split::test},
                                                  {"PrivateTest", Split::test}}) {
    CAPTURE(name);
    const TemporaryFolder folder;
    save_grey(folder / (name + "/fear/a.pgm"), 7);
    const FaceSet set = read(folder.path()).set;
    CHECK(set.size() == 1);
    CHECK(set.has(split));
    CHECK(values(set.labels) == std::vector<std::int64_t>{2});
  }
}

TEST_CASE("Each split has its own images", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/angry/a.pgm", 1);
  save_grey(folder / "train/neutral/a.pgm", 2);
  save_grey(folder / "test/angry/a.pgm", 3);
  const FaceSet set = read(folder.path(), {}, 3).set;
  CHECK(set.describe_splits() == "train (2), test (1)");
  CHECK(levels_of(set.only(Split::train)) == std::vector<int>{1, 2});
  CHECK(levels_of(set.only(Split::test)) == std::vector<int>{3});
}

TEST_CASE("Class folders may use any usual spelling", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "Anger/a.pgm", 1);
  save_grey(folder / "HAPPINESS/a.pgm", 2);
  save_grey(folder / "surprised/a.pgm", 3);
  const FaceSet set = read(folder.path()).set;
  CHECK(levels_of(set) == std::vector<int>{1, 2, 3});
  CHECK(values(set.labels) == std::vector<std::int64_t>{0, 3, 5});
}

TEST_CASE("Folders that are no class are an error that lists them", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "happy/a.pgm", 1);
  save_grey(folder / "contempt/a.pgm", 1);
  save_grey(folder / "bored\n/a.pgm", 1);
  CHECK_THROWS_MATCHES(
      read(folder.path()), Error,
      MessageMatches(
          Equals(folder.path().string() +
                 ": the folders 'bored\\x0a', 'contempt' are not known classes or splits; known: "
                 "angry, disgust, fear, happy, sad, surprise, neutral (in any usual "
                 "spelling); \"unknown_classes\" skip leaves them out, \"classes\" from-data takes "
                 "folders' "
                 "own names for classes")));
}

TEST_CASE("A folder beside train that is no split is not passed over in silence", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "dev/happy/a.pgm", 2);
  CHECK_THROWS_MATCHES(read(folder.path()), Error,
                       MessageMatches(Catch::Matchers::ContainsSubstring("'dev'")));
}

TEST_CASE("A folder without pictures need be no class or split", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  fs::create_directories(folder / "train/c/.cache");
  test::save(folder / "docs/notes.txt", "x");
  for (const FolderOptions& options : {FolderOptions{}, skipping_unknown()}) {
    const Reading reading = read(folder.path(), options);
    CHECK(reading.set.size() == 1);
    CHECK(reading.notes.empty());
  }
  save_grey(folder / "docs/old/b.pgm", 2);
  CHECK_THROWS_MATCHES(read(folder.path()), Error, fails_with(": the folder 'docs' is no"));
}

TEST_CASE("Folders that are no class may be skipped, and are counted", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "train/contempt/a.pgm", 2);
  save_grey(folder / "train/contempt/b.pgm", 2);
  save_grey(folder / "test/contempt/a.pgm", 2);
  const Reading reading = read(folder.path(), skipping_unknown());
  CHECK(levels_of(reading.set) == std::vector<int>{1});
  CHECK(reading.notes ==
        std::vector<std::string>{folder.path().string() + ": skipped 3 pictures in a folder "
                                                          "that is not a class: 'contempt'"});
}

TEST_CASE("A folder that is no data set at all is reported in one short line", "[data][unit]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 200; ++i) save_grey(folder / ("folder" + std::to_string(i)) / "a.pgm", 1);
  CHECK_THROWS_MATCHES(read(folder.path()), Error,
                       fails_with("and 188 more are not known classes"));
}

TEST_CASE("Pictures of any size and colour become 48x48 grey levels", "[data][unit]") {
  const TemporaryFolder folder;
  test::save(folder / "sad/a.pgm", test::grey_picture(10, 100, 77));
  test::save(folder / "sad/b.ppm", test::colour_picture(300, 200, 255, 0, 0));
  const FaceSet set = read(folder.path()).set;
  REQUIRE(set.size() == 2);
  CHECK(set.images.all()[0].eq(77).all().item<bool>());
  CHECK(set.images.all()[1].eq(76).all().item<bool>());  // BT.601: 0.299 * 255 = 76.2
}

TEST_CASE("Files that are no pictures are reported, hidden ones passed over", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "sad/a.pgm", 1);
  test::save(folder / "sad/notes.txt", "x");
  test::save(folder / "sad/.a.pgm", "x");
  test::save(folder / ".git/a.pgm", "x");
  test::save(folder / "README.md", "x");
  test::save(folder / "sad/Thumbs.db", "x");
  test::save(folder / "__MACOSX/sad/._a.pgm", "x");
  fs::create_directory_symlink("loop", folder / "loop");  // a link to itself
  const Reading reading = read(folder.path());
  CHECK(reading.set.size() == 1);
  CHECK(reading.notes ==
        std::vector<std::string>{folder.path().string() +
                                 ": left out: 2 files that are not pictures (such as "
                                 "'sad/notes.txt'); 1 entry that is not a file ('loop')"});
}

TEST_CASE("Pictures are known by their content, and folders below a class belong to it",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "happy/a.jfif", 1);
  save_grey(folder / "happy/day2/b", 2);
  save_grey(folder / "happy/day2/evening/c.dat", 3);
  save_grey(folder / "happy/.thumbnails/d.pgm", 4);
  save_grey(folder / "sad/e.jfif", 5);
  const Reading reading = read(folder.path());
  CHECK(levels_of(reading.set) == std::vector<int>{1, 2, 3, 5});
  CHECK(values(reading.set.labels) == std::vector<std::int64_t>{3, 3, 3, 4});
  CHECK(reading.notes.empty());
  CHECK(levels_of(read(folder.path(), with_own_classes()).set) == std::vector<int>{1, 2, 3, 5});
}

TEST_CASE("Pictures without a class are counted, and one is named", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "test/b.pgm", 2);
  save_grey(folder / "test/c.pgm", 3);
  save_grey(folder / "d.pgm", 4);
  test::save(folder / "train/happy/clip", "GIF89a");
  test::save(folder / "train/happy/x.heic", std::string("\0\0\0\x18", 4) + "ftypheic");
  const Reading reading = read(folder.path());
  CHECK(levels_of(reading.set) == std::vector<int>{1});
  CHECK(
      reading.notes ==
      std::vector<std::string>{
          folder.path().string() +
          ": left out: 1 video ('train/happy/clip'); 1 HEIC picture, which cannot be decoded here "
          "('train/happy/x.heic'); 3 pictures that lie in no folder of a class (such as "
          "'test/b.pgm')"});
}

TEST_CASE("A set without pictures in classes says what there is", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "a.pgm", 1);
  test::save(folder / "happy/clip", "GIF89a");
  CHECK_THROWS_MATCHES(read(folder.path()), Error,
                       fails_with("; left out: 1 video ('happy/clip'); 1 picture that lies in no "
                                  "folder of a class ('a.pgm')"));
}

TEST_CASE("Pictures beside the splits are counted with one's own classes, too", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/awe/a.pgm", 1);
  save_grey(folder / "train/joy/a.pgm", 2);
  save_grey(folder / "dev/joy/b.pgm", 3);
  const Reading reading = read(folder.path(), with_own_classes());
  CHECK(reading.set.size() == 2);
  CHECK(reading.notes ==
        std::vector<std::string>{
            folder.path().string() +
            ": left out: 1 picture in a folder that is not a split ('dev/joy/b.pgm')"});
}

TEST_CASE("Pictures in folders beside the splits are counted where they are skipped",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "dev/happy/day2/b.pgm", 2);
  CHECK(read(folder.path(), skipping_unknown()).notes ==
        std::vector<std::string>{folder.path().string() + ": skipped 1 picture in a folder that "
                                                          "is not a class: 'dev'"});
}

TEST_CASE("A training folder's pictures are upright in every format", "[data][unit]") {
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const TemporaryFolder folder;
    const auto pictures = test::oriented_pictures(orientation);
    for (const auto& [name, bytes] : pictures) test::save(folder / "happy" / name, bytes);
    const FaceSet set = read(folder.path()).set;
    REQUIRE(set.size() == static_cast<std::int64_t>(pictures.size()));
    const std::string upright = test::upright_quarters(orientation);
    for (std::int64_t i = 0; i < set.size(); ++i) {
      CAPTURE(orientation, set.names[static_cast<std::size_t>(i)]);
      // By BT.601: red 76, green 150, blue 29, white 255.
      std::string seen;
      for (const int y : {12, 36}) {
        for (const int x : {12, 36}) {
          const int level = set.images.all()[i][y][x].item<int>();
          seen += level > 200 ? 'W' : level > 110 ? 'G' : level > 50 ? 'R' : 'B';
        }
      }
      CHECK(seen == upright);
    }
  }
}

TEST_CASE("A broken picture is named", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "happy/good.pgm", 1);
  test::save(folder / "sad/broken.png", "not a picture");
  for (const int threads : {1, 4}) {
    CHECK_THROWS_MATCHES(read(folder.path(), {}, threads), Error,
                         fails_with((folder / "sad/broken.png").string()));
  }
}

TEST_CASE("Broken pictures may be skipped, are counted, and the first three are named",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/b.pgm", 7);
  save_grey(folder / "train/sad/a.pgm", 8);
  test::save(folder / "train/happy/a.png", "not a picture");
  test::save(folder / "train/happy/c.pgm", "");
  for (const int threads : {1, 4}) {
    const Reading two = read(folder.path(), skipping_broken(), threads);
    CHECK(levels_of(two.set) == std::vector<int>{7, 8});
    CHECK(values(two.set.labels) == std::vector<std::int64_t>{3, 4});
    CHECK(two.set.count(Split::train) == 2);
    CHECK(two.notes == std::vector<std::string>{folder.path().string() +
                                                ": skipped 2 broken pictures: "
                                                "'train/happy/a.png', 'train/happy/c.pgm'"});
  }
  test::save(folder / "train/sad/d\n.png", "");
  test::save(folder / "train/sad/e.png", "");
  const Reading four = read(folder.path(), skipping_broken());
  REQUIRE(four.notes.size() == 1);
  CHECK_THAT(four.notes[0],
             Catch::Matchers::EndsWith(": skipped 4 broken pictures: 'train/happy/a.png', "
                                       "'train/happy/c.pgm', 'train/sad/d\\x0a.png' and 1 more"));
}

TEST_CASE("A folder in which every picture is broken is an error, skipped or not", "[data][unit]") {
  const TemporaryFolder folder;
  test::save(folder / "happy/a.png", "not a picture");
  CHECK_THROWS_MATCHES(read(folder.path(), skipping_broken()), Error,
                       fails_with(": none of its pictures can be read: 'happy/a.png'"));
}

TEST_CASE("A folder's own classes are its folders, sorted by name", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/joy/a.pgm", 1);
  save_grey(folder / "train/happy/a.pgm", 2);  // elsewhere a spelling of joy
  save_grey(folder / "train/bored/a.pgm", 3);
  save_grey(folder / "test/awe/a.pgm", 4);
  fs::create_directories(folder / "train/notes");  // holds no pictures: no class
  const Reading reading = read(folder.path(), with_own_classes());
  CHECK(reading.set.label_set == LabelSet({"awe", "bored", "happy", "joy"}));
  CHECK(levels_of(reading.set) == std::vector<int>{4, 3, 2, 1});
  CHECK(values(reading.set.labels) == std::vector<std::int64_t>{0, 1, 2, 3});
  CHECK(reading.notes.empty());
}

TEST_CASE("Folders that cannot be classes are an error that says why", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "one/a.pgm", 1);
  const std::string start =
      folder.path().string() + ": cannot use its folders as classes (\"classes\" from-data): ";
  CHECK_THROWS_MATCHES(read(folder.path(), with_own_classes()), Error,
                       fails_with(start + "a label set has 2 to 1000 classes, not 1"));
  save_grey(folder / "ONE/a.pgm", 1);
  CHECK_THROWS_MATCHES(read(folder.path(), with_own_classes()), Error,
                       fails_with(start + "class name 'one' appears twice"));
  save_grey(folder / "caf\xe9/a.pgm", 1);
  CHECK_THROWS_MATCHES(read(folder.path(), with_own_classes()), Error, fails_with(start));
}

TEST_CASE("A folder without pictures says what is expected", "[data][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(
      read(folder.path()), Error,
      fails_with(folder.path().string() +
                 ": holds no pictures in folders of classes; expected train|val|test/CLASS/*.png"));
  fs::create_directories(folder / "train/happy");
  CHECK_THROWS_MATCHES(read(folder.path()), Error, fails_with("holds no pictures"));
}

TEST_CASE("A folder that cannot be listed is an error that names it", "[data][unit]") {
  const TemporaryFolder folder;
  CHECK_THROWS_MATCHES(read(folder / "gone"), Error, fails_with("gone: cannot be listed"));
}

TEST_CASE("Any number of threads reads the same pictures", "[data][unit]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 20; ++i) {
    save_grey(folder / ("train/happy/" + std::to_string(100 + i) + ".pgm"), i);
  }
  const FaceSet one = read(folder.path()).set;
  const FaceSet many = read(folder.path(), {}, 7).set;
  CHECK(one.fingerprint() == many.fingerprint());
  CHECK(one.splits.equal(many.splits));
  CHECK(levels_of(many).back() == 19);
}

TEST_CASE("Pictures that are decoded when they are asked for are those that are read at once",
          "[data][unit]") {
  const TemporaryFolder folder;
  for (int i = 0; i < 5; ++i) {
    save_grey(folder / ("train/happy/below/" + std::to_string(i) + ".pgm"), 10 + i);
    save_grey(folder / ("val/sad/" + std::to_string(i) + ".pgm"), 20 + i);
  }
  const Reading at_once = read(folder.path());
  FolderOptions options;
  options.when_asked = true;
  const Reading asked = read(folder.path(), options);
  CHECK(asked.set.fingerprint() == at_once.set.fingerprint());
  CHECK(asked.set.splits.equal(at_once.set.splits));
  CHECK(asked.set.images.name(4) == "train/happy/below/4.pgm");
  CHECK(asked.set.names.empty());
  const std::string before = asked.set.images.identity();
  CHECK(read(folder.path(), options).set.images.identity() == before);
  test::save(folder / "val/sad/3.pgm", test::grey_picture(47, 48, 23));
  CHECK(read(folder.path(), options).set.images.identity() != before);
}

TEST_CASE("A broken picture that is met when it is asked for is an error, or known as broken",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "happy/a.pgm", 1);
  test::save(folder / "happy/b.png", "no picture");
  save_grey(folder / "sad/c.pgm", 3);
  FolderOptions options;
  options.when_asked = true;
  const FaceSet strict = read(folder.path(), options).set;
  CHECK_THROWS_MATCHES(strict.images.row(1), Error, fails_with("b.png"));
  options.broken = BrokenImages::skip;
  const FaceSet set = read(folder.path(), options).set;
  CHECK(set.images.broken_rows(0, 3).empty());  // not yet met
  CHECK(set.images.all().select(1, 0).select(1, 0).equal(at::tensor({1, 0, 3}).to(at::kByte)));
  CHECK(set.images.broken_rows(0, 3) == std::vector<std::int64_t>{1});
  CHECK(describe_broken("faces", set.images, {1}) ==
        "faces: skipped 1 broken picture: 'happy/b.png'");
}

TEST_CASE("Pictures become faces of the size and colours that are wanted", "[data][unit]") {
  const TemporaryFolder folder;
  test::save(folder / "happy/a.ppm", test::colour_picture(100, 80, 200, 100, 50));
  FolderOptions options;
  options.faces = {64, 64, Colour::rgb};
  const at::Tensor colours = read(folder.path(), options).set.images.all();
  REQUIRE(colours.sizes() == at::IntArrayRef({1, 64, 64, 3}));
  CHECK(colours.select(3, 0).eq(200).all().item<bool>());
  CHECK(colours.select(3, 1).eq(100).all().item<bool>());
  CHECK(colours.select(3, 2).eq(50).all().item<bool>());
  options.faces = {96, 96, Colour::grey};
  const at::Tensor grey = read(folder.path(), options).set.images.all();
  REQUIRE(grey.sizes() == at::IntArrayRef({1, 96, 96}));
  // ITU-R BT.601: 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
  CHECK(grey.eq(124).all().item<bool>());
}

TEST_CASE("A notice says how many pictures are stretched because they are not square",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "faces/happy/a.pgm", 1);
  test::save(folder / "faces/happy/b.pgm", test::grey_picture(64, 64, 2));
  CHECK(read(folder / "faces").notes.empty());
  test::save(folder / "faces/sad/c.pgm", test::grey_picture(64, 48, 3));
  const std::string path = folder / "faces";
  CHECK(read(path).notes ==
        std::vector<std::string>{path +
                                 ": 1 of 3 pictures is not square, and is stretched to a square"});
  test::save(folder / "faces/sad/d.pgm", test::grey_picture(30, 60, 4));
  CHECK(read(path).notes ==
        std::vector<std::string>{
            path + ": 2 of 4 pictures are not square, and are stretched to a square"});
}

#else

TEST_CASE("A build without vision says that it cannot read pictures", "[data][unit]") {
  const TemporaryFolder folder;
  std::vector<std::string> notes;
  CHECK_THROWS_MATCHES(read_image_folder(folder.path(), {}, 1, notes), Error,
                       MessageMatches(ContainsSubstring("this build has no OpenCV")));
}

#endif

}  // namespace
}  // namespace fer::data
