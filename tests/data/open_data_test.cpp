#include "fer/data/open_data.h"

#include <ATen/Functions.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "data/csv_fixtures.h"
#include "data/folder_fixtures.h"
#include "data/set_fixtures.h"
#include "data/vote_fixtures.h"
#include "fer/core/error.h"
#include "fer/data/data_check.h"
#include "fer/data/packed_file.h"
#include "support/catch.h"
#include "support/temporary_folder.h"

namespace fer::data {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::Equals;
using Catch::Matchers::MessageMatches;
using test::csv_of;
using test::pixel_text;
using test::save;
using test::TemporaryFolder;

auto refused_with(const std::string& part) { return MessageMatches(ContainsSubstring(part)); }

OpenedData open(std::vector<std::string> specs, std::int64_t split_seed = 0) {
  DataOptions options;
  options.data = std::move(specs);
  options.split_seed = split_seed;
  return open_data(options, 1);
}

// A CSV of training images alone: `rows` rows, classes in turn.
std::string training_csv(std::uint64_t rows) {
  std::string text = test::kHeader;
  for (std::uint64_t i = 0; i < rows; ++i) {
    text += std::to_string(i % 7) + "," + pixel_text(i) + ",Training\n";
  }
  return text;
}

std::string unsplit_csv(std::uint64_t rows) {
  std::string text = "emotion,pixels\n";
  for (std::uint64_t i = 0; i < rows; ++i)
    text += std::to_string(i % 7) + "," + pixel_text(i) + "\n";
  return text;
}

// Changes the working folder while it lives.
class WorkingFolder {
 public:
  explicit WorkingFolder(const fs::path& path) : before_(fs::current_path()) {
    fs::current_path(path);
  }
  ~WorkingFolder() { fs::current_path(before_); }
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;

 private:
  fs::path before_;
};

TEST_CASE("A CSV with all splits is opened as it is", "[data][unit]") {
  const TemporaryFolder folder;
  const OpenedData opened = open({save(folder / "fer2013.csv", csv_of(6)).string()});
  CHECK(opened.set.describe_splits() == "train (2), val (2), test (2)");
  CHECK(opened.notes.empty());
}

TEST_CASE("Synthetic faces are opened with and without a count", "[data][unit]") {
  CHECK(open({"synthetic:77"}).set.size() == 77);
  CHECK(open({"synthetic"}).set.size() == 5000);
}

TEST_CASE("A synthetic count that is no whole number is refused", "[data][unit]") {
  for (const std::string count : {"", "many", "100x", "1e3", " 100", "99999999999999999999"}) {
    CHECK_THROWS_MATCHES(open({"synthetic:" + count}), Error,
                         MessageMatches(Equals("\"data\" 'synthetic:" + count +
                                               "': the count behind 'synthetic:' must be a whole "
                                               "number")));
  }
  CHECK_THROWS_MATCHES(open({"synthetic:7"}), Error, refused_with("70 to 1000000"));
}

TEST_CASE("What is neither file nor folder names all that is possible", "[data][unit]") {
  CHECK_THROWS_MATCHES(
      open({"fer2014.csv"}), Error,
      MessageMatches(Equals("\"data\" 'fer2014.csv': there is no such file or folder; allowed: "
                            "synthetic or synthetic:N; a folder train|val|test/CLASS/* or "
                            "CLASS/*; a file written by fer-data pack; a CSV file with the "
                            "columns emotion, pixels and Usage")));
}

TEST_CASE("Sets are joined in the order they are named", "[data][unit]") {
  const TemporaryFolder folder;
  const std::string first = save(folder / "a.csv", csv_of(3)).string();
  const OpenedData opened = open({"synthetic:70", first});
  CHECK(opened.set.size() == 73);
  CHECK(opened.set.source == "synthetic:70 + " + first);
  CHECK(opened.set.count(Split::val) == 7 + 1);
  CHECK(opened.set.images.all()[70].equal(open({first}).set.images.all()[0]));
}

TEST_CASE("Without a validation split a tenth of each class is held out and reported",
          "[data][unit]") {
  const TemporaryFolder folder;
  const std::string path = save(folder / "a.csv", training_csv(140)).string();
  const OpenedData opened = open({path});
  CHECK(opened.set.only(Split::val).class_counts() == std::vector<std::int64_t>(7, 2));
  CHECK(opened.set.only(Split::train).class_counts() == std::vector<std::int64_t>(7, 18));
  CHECK(opened.notes == std::vector<std::string>{
                            path + ": has no validation split; 14 training images (10 % of each "
                                   "class, \"split_seed\" 0) are held out for it"});
}

TEST_CASE("The split seed alone decides which images are held out", "[data][unit]") {
  const TemporaryFolder folder;
  const std::string path = save(folder / "a.csv", training_csv(140)).string();
  const at::Tensor splits = open({path}, 5).set.splits;
  CHECK(open({path}, 5).set.splits.equal(splits));
  CHECK_FALSE(open({path}, 6).set.splits.equal(splits));
}

TEST_CASE("A set without splits stays so until it is to be trained on", "[data][unit]") {
  const TemporaryFolder folder;
  const std::string path = save(folder / "a.csv", unsplit_csv(70)).string();
  OpenedData opened = open({path});
  CHECK(opened.set.count(Split::none) == 70);
  CHECK(opened.notes.empty());
  split_for_training(opened, {});
  CHECK(opened.set.describe_splits() == "train (63), val (7)");
  REQUIRE(opened.notes.size() == 1);
  CHECK_THAT(opened.notes[0], ContainsSubstring("7 training images"));
}

TEST_CASE("Images without a split join the training images of another set", "[data][unit]") {
  const TemporaryFolder folder;
  const std::string path = save(folder / "a.csv", unsplit_csv(20)).string();
  OpenedData opened = open({"synthetic:70", path});
  CHECK(opened.set.describe_splits() == "train (56), val (7), test (7), unsplit (20)");
  split_for_training(opened, {});
  CHECK(opened.set.describe_splits() == "train (76), val (7), test (7)");
}

TEST_CASE("A set with splits is trained on as it is", "[data][unit]") {
  OpenedData opened = open({"synthetic:70"});
  const at::Tensor before = opened.set.splits.clone();
  split_for_training(opened, {});
  CHECK(opened.set.splits.equal(before));
  CHECK(opened.notes.empty());
}

TEST_CASE("A packed file is opened whatever its name", "[data][unit]") {
  const TemporaryFolder folder;
  const OpenedData synthetic = open({"synthetic:70"});
  write_packed_file(folder / "faces", synthetic.set);
  const OpenedData opened = open({(folder / "faces").string()});
  CHECK(opened.set.fingerprint() == synthetic.set.fingerprint());
  CHECK(opened.set.splits.equal(synthetic.set.splits));
}

// Six rows of csv_of and FER+'s votes for them: all say anger but those of row 1, who cannot agree,
// and of row 4, who say contempt.
DataOptions voted_options(const TemporaryFolder& folder) {
  std::string votes = test::kVoteHeader;
  for (std::uint64_t i = 0; i < 6; ++i) {
    const char* const usages[] = {"Training", "PublicTest", "PrivateTest"};
    test::VoteRow row = {0, 0, 0, 0, 10, 0, 0, 0, 0, 0};
    if (i == 1) row = {5, 0, 0, 0, 5, 0, 0, 0, 0, 0};
    if (i == 4) row = {0, 0, 0, 0, 0, 0, 0, 9, 1, 0};
    votes += test::vote_line(usages[i % 3], row);
  }
  DataOptions options;
  options.data = {save(folder / "fer2013.csv", csv_of(6)).string()};
  options.ferplus = save(folder / "fer2013new.csv", votes).string();
  return options;
}

TEST_CASE("FER+'s votes are joined and leave the labels alone", "[data][unit]") {
  const TemporaryFolder folder;
  const OpenedData opened = open_data(voted_options(folder), 1);
  REQUIRE(opened.set.votes.defined());
  CHECK(opened.set.votes.sizes() == at::IntArrayRef({6, 10}));
  CHECK(opened.set.votes[4][7].item<int>() == 9);
  CHECK(opened.set.label_set == LabelSet::fer2013());
  CHECK(opened.notes.empty());
}

TEST_CASE("Rows of FER+ for splits that are not there are left out and reported", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options = voted_options(folder);
  std::string rows = test::kHeader;  // as a fer2013.csv without PrivateTest
  for (const std::uint64_t i : {0, 1, 3, 4}) rows += test::csv_row(i);
  options.data = {save(folder / "less.csv", rows).string()};
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.describe_splits() == "train (2), val (2)");
  CHECK(opened.set.votes[3][7].item<int>() == 9);
  CHECK(opened.notes == std::vector<std::string>{options.ferplus + ": 2 rows of splits that " +
                                                 options.data[0] + " does not have are left out"});
}

TEST_CASE("FER+'s labels are the majority of its votes, and images without one are reported",
          "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options = voted_options(folder);
  options.labels = LabelSource::ferplus8;
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.label_set == LabelSet::ferplus8());
  CHECK(opened.set.labels.equal(at::tensor({4, 4, 4, 7, 4}, at::kLong)));
  CHECK(opened.notes ==
        std::vector<std::string>{options.data[0] + ": labels are the majority of FER+'s votes; 1 "
                                                   "image without one is left out"});
}

TEST_CASE("FER+'s labels need votes, from --ferplus or from a packed file", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options = voted_options(folder);
  write_packed_file(folder / "faces.safetensors", read_data(options, 1).set);
  options.ferplus.clear();
  options.labels = LabelSource::ferplus8;
  CHECK_THROWS_MATCHES(open_data(options, 1), Error,
                       MessageMatches(Equals("\"labels\" ferplus8: " + options.data[0] +
                                             " has no FER+ votes; give them with \"ferplus\" "
                                             "fer2013new.csv")));
  options.data = {(folder / "faces.safetensors").string()};
  CHECK(open_data(options, 1).set.size() == 5);
}

TEST_CASE("A set in which no image has a majority is an error", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  options.data = {save(folder / "a.csv", csv_of(1)).string()};
  options.ferplus =
      save(folder / "votes.csv", test::kVoteHeader + test::vote_line("Training", {5, 5})).string();
  options.labels = LabelSource::ferplus8;
  CHECK_THROWS_MATCHES(open_data(options, 1), Error, refused_with("none of the 1 images"));
}

TEST_CASE("Folds share what is trained on, and the same seed cuts the same folds", "[data][unit]") {
  DataOptions options;
  options.data = {"synthetic:70"};
  options.folds = 3;
  at::Tensor times = at::zeros({70}, at::kLong);
  for (options.fold = 1; options.fold <= 3; ++options.fold) {
    const OpenedData opened = open_data(options, 1);
    times += opened.set.splits.eq(static_cast<std::int64_t>(Split::val)).to(at::kLong);
    CHECK(opened.set.count(Split::test) == 7);
    CHECK(opened.set.count(Split::val) == 21);  // a third of 56 + 7
  }
  CHECK(times.sum().item<std::int64_t>() == 63);
  CHECK(times.max().item<std::int64_t>() == 1);
  options.fold = 2;
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.splits.equal(open_data(options, 1).set.splits));
  CHECK(opened.notes ==
        std::vector<std::string>{"synthetic:70: fold 2 of 3 (\"split_seed\" 0), 21 images, is the "
                                 "validation split; the others but test are trained on"});
  options.split_seed = 1;
  CHECK_FALSE(opened.set.splits.equal(open_data(options, 1).set.splits));
}

TEST_CASE("Folds of a set without splits are there for evaluation, too", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  options.data = {save(folder / "a.csv", unsplit_csv(70)).string()};
  options.folds = 5;
  options.fold = 1;
  OpenedData opened = open_data(options, 1);
  CHECK(opened.set.describe_splits() == "train (56), val (14)");
  const at::Tensor before = opened.set.splits.clone();
  split_for_training(opened, options);
  CHECK(opened.set.splits.equal(before));
  CHECK(opened.notes.size() == 1);
}

TEST_CASE("Folds that contradict each other are an error before anything is read", "[data][unit]") {
  const auto complains = [](std::int64_t folds, std::int64_t fold, const std::string& message) {
    DataOptions options;
    options.data = {"/no/such/set"};
    options.folds = folds;
    options.fold = fold;
    CHECK_THROWS_MATCHES(open_data(options, 1), Error, MessageMatches(Equals(message)));
  };
  complains(1, 1, "\"folds\": 1 is not allowed; allowed: 0 (off), 2 to 100");
  complains(0, 2, "\"fold\" 2: needs \"folds\" beside it, 2 to 100");
  complains(5, 6, "\"fold\": 6 is not allowed; allowed with \"folds\" 5: 1 to 5");
  complains(5, 0, "\"fold\": 0 is not allowed; allowed with \"folds\" 5: 1 to 5");
}

// Fourteen training images, the first of them in another split, too.
std::string leaking_csv(const char* usage_of_copy) {
  std::string text = training_csv(14);
  return text + "0," + pixel_text(0) + "," + usage_of_copy + "\n";
}

TEST_CASE("Training images that are also measured on are left out where asked", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  options.data = {save(folder / "a.csv", leaking_csv("PublicTest")).string()};
  CHECK(open_data(options, 1).set.size() == 15);
  options.drop_duplicates = true;
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.describe_splits() == "train (13), val (1)");
  CHECK(check_data(opened.set).leaked_images == 0);
  CHECK(opened.notes == std::vector<std::string>{options.data[0] +
                                                 ": 1 training image equal to a validation or test "
                                                 "image is left out"});
}

TEST_CASE("Equal images are held out or folded together", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  // Each image twice.
  options.data = {save(folder / "a.csv", training_csv(70)).string(),
                  save(folder / "b.csv", training_csv(70)).string()};
  OpenedData opened = open_data(options, 1);
  REQUIRE(opened.set.count(Split::val) == 14);
  CHECK(opened.set.count(Split::train) == 126);
  CHECK(check_data(opened.set).leaked_images == 0);
  options.folds = 2;
  options.fold = 1;
  opened = open_data(options, 1);
  REQUIRE(opened.set.count(Split::val) == 70);
  CHECK(check_data(opened.set).leaked_images == 0);
}

TEST_CASE("A set without splits loses its duplicates once it is to be trained on", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  const std::string path = save(folder / "a.csv", unsplit_csv(70)).string();
  options.data = {path, path};
  options.drop_duplicates = true;
  OpenedData opened = open_data(options, 1);
  CHECK(opened.set.count(Split::none) == 140);
  CHECK(opened.notes.empty());
  split_for_training(opened, options);
  CHECK(opened.set.count(Split::val) == 14);
  CHECK(check_data(opened.set).leaked_images == 0);
  CHECK(opened.notes.size() == 2);  // held out, then left out
}

TEST_CASE("Drawn faces have no classes of their own", "[data][unit]") {
  DataOptions options;
  options.data = {"synthetic:70"};
  options.classes = ClassSource::from_data;
  CHECK_THROWS_MATCHES(open_data(options, 1), Error,
                       MessageMatches(Equals("\"classes\" from-data: 'synthetic:70' has FER2013's "
                                             "classes; allowed for it: known")));
}

TEST_CASE("Numbered classes are united with named ones only where --class-names says what they are",
          "[data][unit]") {
  const TemporaryFolder folder;
  const auto csv = [&](const std::string& name, const std::vector<std::string>& emotions) {
    std::string text = "emotion,pixels\n";
    for (const std::string& emotion : emotions) text += emotion + "," + pixel_text(0) + "\n";
    return save(folder / name, text).string();
  };
  DataOptions options;
  options.classes = ClassSource::from_data;
  options.data = {csv("named.csv", {"happy", "sad"}), csv("numbered.csv", {"3", "4"})};
  CHECK_THROWS_MATCHES(
      open_data(options, 1), Error,
      MessageMatches(Equals(options.data[1] +
                            ": its classes are numbers, such as '3', and those "
                            "of " +
                            options.data[0] +
                            " are names, such as 'happy'; say what the numbers mean: "
                            "\"class_names\" 1=surprise,2=fear")));
  options.class_names = "3=happy,4=sad";
  CHECK(open_data(options, 1).set.label_set == LabelSet({"happy", "sad"}));
  options.class_names.clear();
  options.data[0] = csv("numbered too.csv", {"4", "5"});
  CHECK(open_data(options, 1).set.label_set == LabelSet({"3", "4", "5"}));
  options.data[0] = csv("mixed.csv", {"4", "bored"});
  CHECK(open_data(options, 1).set.label_set == LabelSet({"3", "4", "bored"}));
}

TEST_CASE("Class names that match nothing, or make two classes one, are reported for every format",
          "[data][unit]") {
  const TemporaryFolder folder;
  const auto csv = [&](const std::string& name, const std::vector<std::string>& emotions) {
    std::string text = "emotion,pixels\n";
    for (const std::string& emotion : emotions) text += emotion + "," + pixel_text(0) + "\n";
    return save(folder / name, text).string();
  };
  std::vector<std::string> sets = {csv("a.csv", {"1", "2", "3", "sad"})};
  FaceSet packed = open({csv("b.csv", {"0", "1", "2", "3"})}).set;
  packed.label_set = LabelSet({"1", "2", "3", "5", "sad"});  // of the fourth, no image
  packed.labels = at::tensor({0, 1, 2, 4}, at::kLong);
  write_packed_file(folder / "a.safetensors", packed);
  sets.push_back((folder / "a.safetensors").string());
#if FER_WITH_VISION
  for (const char* name : {"1", "2", "3", "sad"})
    test::save_grey(folder / "own" / name / "a.pgm", 1);
  sets.push_back((folder / "own").string());
#endif
  for (const std::string& data : sets) {
    CAPTURE(data);
    DataOptions options;
    options.data = {data};
    options.classes = ClassSource::from_data;
    const auto notes_of = [&](const std::string& names) {
      options.class_names = names;
      return read_data(options, 1).notes;
    };
    using Notes = std::vector<std::string>;
    CHECK(notes_of("1=happy,2=fear,3=angry").empty());
    CHECK(notes_of("1=happy,2=fear,3=angry,9=happy,5=fear") ==
          Notes{"\"class_names\": " + data + " has no image of '5' ('fear'), '9' ('happy')"});
    CHECK(notes_of("1=happy,2=happy,3=angry") ==
          Notes{"\"class_names\": '1', '2' of " + data + " are one class, 'happy'"});
    CHECK(notes_of("1=happy,2=fear,3=sad") ==
          Notes{"\"class_names\": '3', 'sad' of " + data + " are one class, 'sad'"});
    // Unused names of a model's recipe were not given, so they are not reported.
    KnownClasses known;
    known.names_of_model = true;
    options.class_names = "1=happy,2=happy,9=fear";
    CHECK(read_data(options, 1, known).notes.empty());
  }
  // Different sets are joined by their names.
  DataOptions both;
  both.data = {csv("numbers.csv", {"1"}), csv("names.csv", {"happy"})};
  both.class_names = "1=happy";
  CHECK(read_data(both, 1).notes.empty());
}

TEST_CASE("Votes are not joined with a folder, whose order is not FER2013's", "[data][unit]") {
  const TemporaryFolder folder;
  DataOptions options;
  options.data = {folder.path().string()};
  options.ferplus = "fer2013new.csv";
  CHECK_THROWS_MATCHES(
      open_data(options, 1), Error,
      refused_with("\"ferplus\" 'fer2013new.csv': votes are joined in the order of "
                   "fer2013.csv"));
}

TEST_CASE("Without --data the usual places are searched in their order", "[data][unit]") {
  const TemporaryFolder folder;
  const WorkingFolder here(folder.path());
  save(folder / "data/fer2013/fer2013.csv", csv_of(3));
  CHECK(open({}).set.source == "data/fer2013/fer2013.csv");
  save(folder / "data/fer2013.csv", csv_of(4));
  CHECK(open({}).set.source == "data/fer2013.csv");
}

TEST_CASE("Without --data and without data the error says where data were looked for",
          "[data][unit]") {
  const TemporaryFolder folder;
  const WorkingFolder here(folder.path());
  CHECK_THROWS_MATCHES(
      open({}), Error,
      refused_with("\"data\": no data set is given and none was found at data/fer2013.csv"));
}

#if FER_WITH_VISION

using test::save_grey;

TEST_CASE(
    "Pictures become what a model takes best, or what the options say; the default is reported",
    "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "faces/train/happy/a.pgm", 1);
  save_grey(folder / "faces/val/happy/b.pgm", 2);
  DataOptions options;
  options.data = {(folder / "faces").string()};
  CHECK(read_data(options, 1).notes.empty());  // they are 48x48
  save(folder / "faces/train/happy/a.pgm", test::grey_picture(60, 50, 1));
  const OpenedData usual = read_data(options, 1);
  CHECK(usual.set.images.format() == FaceFormat{});
  REQUIRE(usual.notes.size() == 2);
  CHECK_THAT(usual.notes[0], ContainsSubstring("faces: pictures become 48x48 grey (the first has "
                                               "60x50 pixels, and is stretched); "));
  CHECK_THAT(usual.notes[1], ContainsSubstring("1 of 2 pictures is not square"));
  KnownClasses known;
  known.pictures = FaceFormat{64, 64, Colour::rgb};
  const OpenedData of_model = read_data(options, 1, known);
  CHECK(of_model.set.images.format() == FaceFormat{64, 64, Colour::rgb});
  CHECK(of_model.notes == std::vector{usual.notes[1]});
  options.take_format({96, 96, Colour::grey});
  CHECK(read_data(options, 1, known).set.images.format() == FaceFormat{96, 96, Colour::grey});
  options.image_size = 15;
  CHECK_THROWS_MATCHES(read_data(options, 1), Error,
                       refused_with("15: is not allowed; allowed: 16 to 224, or 0"));
}

TEST_CASE("Kaggle's folders are found, named by their train folder or not", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "data/fer2013/train/happy/a.pgm", 1);
  save_grey(folder / "data/fer2013/train/happy/b.pgm", 2);
  save_grey(folder / "data/fer2013/test/happy/a.pgm", 3);
  const std::string expected = "train (1), val (1), test (1)";
  CHECK(open({(folder / "data/fer2013").string()}).set.describe_splits() == expected);
  CHECK(open({(folder / "data/fer2013/train").string()}).set.describe_splits() == expected);
  CHECK(open({(folder / "data/fer2013/train/").string()}).set.describe_splits() == expected);
  {
    const WorkingFolder here(folder.path());
    CHECK(open({}).set.describe_splits() == expected);
  }
  const WorkingFolder beside(folder / "data/fer2013");
  CHECK(open({"train"}).set.describe_splits() == expected);
}

TEST_CASE("A train folder without test beside it is a plain folder of classes", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  CHECK(open({(folder / "train").string()}).set.describe_splits() == "unsplit (1)");
}

TEST_CASE("A test split of Kaggle's size is reported to join two of FER2013's",
          "[data][integration]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "train/happy/b.pgm", 2);
  save_grey(folder / "test/happy/0.pgm", 1);
  for (int i = 1; i < 7178; ++i) {
    fs::create_hard_link(folder / "test/happy/0.pgm",
                         folder / ("test/happy/" + std::to_string(i) + ".pgm"));
  }
  const OpenedData opened = open({folder.path().string()});
  REQUIRE_FALSE(opened.notes.empty());
  CHECK_THAT(opened.notes[0], ContainsSubstring("joins FER2013's PublicTest and PrivateTest"));
}

TEST_CASE("A set without validation images and with one training image a class is an error",
          "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "train/happy/a.pgm", 1);
  save_grey(folder / "train/sad/a.pgm", 2);
  DataOptions options;
  options.data = {folder.path().string()};
  CHECK_THROWS_MATCHES(open_data(options, 1), Error,
                       refused_with("too few images to hold some out"));
}

TEST_CASE("Unknown class folders are an error or skipped, as asked", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "happy/a.pgm", 1);
  save_grey(folder / "contempt/a.pgm", 1);
  DataOptions options;
  options.data = {folder.path().string()};
  CHECK_THROWS_MATCHES(open_data(options, 1), Error,
                       refused_with("'contempt' is not a known class"));
  options.unknown_classes = UnknownClasses::skip;
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.size() == 1);
  REQUIRE(opened.notes.size() == 1);
  CHECK_THAT(opened.notes[0], ContainsSubstring("skipped 1 picture in a folder"));
}

TEST_CASE("A folder's own classes and broken pictures are taken as asked", "[data][unit]") {
  const TemporaryFolder folder;
  save_grey(folder / "bored/a.pgm", 1);
  save_grey(folder / "happy/a.pgm", 2);
  save(folder / "happy/b.png", "no picture");
  DataOptions options;
  options.data = {folder.path().string()};
  options.classes = ClassSource::from_data;
  CHECK_THROWS_MATCHES(open_data(options, 1), Error, refused_with("b.png"));
  options.broken_images = BrokenImages::skip;
  const OpenedData opened = open_data(options, 1);
  CHECK(opened.set.label_set == LabelSet({"bored", "happy"}));
  CHECK(opened.set.size() == 2);
  REQUIRE(opened.notes.size() == 1);
  CHECK_THAT(opened.notes[0], ContainsSubstring("skipped 1 broken picture: 'happy/b.png'"));
}

#endif

// The format of the drawn faces.
FaceSet drawn(std::int64_t side, DataColour colour, const KnownClasses& known = {}) {
  DataOptions options;
  options.data = {"synthetic:70"};
  options.image_size = side;
  options.colour = colour;
  return open_data(options, 1, known).set;
}

TEST_CASE("Pictures become what the options say, else what the model takes, else 48x48 grey",
          "[data][unit]") {
  KnownClasses known;
  CHECK(drawn(0, DataColour::automatic).images.format() == FaceFormat{});
  CHECK(drawn(64, DataColour::automatic).images.format() == FaceFormat{64, 64, Colour::grey});
  CHECK(drawn(0, DataColour::rgb).images.format() == FaceFormat{48, 48, Colour::rgb});
  known.faces = FaceFormat{112, 112, Colour::rgb};
  CHECK(drawn(0, DataColour::automatic, known).images.format() == *known.faces);
  CHECK(drawn(112, DataColour::rgb, known).images.format() == *known.faces);
}

TEST_CASE("An image size that is too small names the bounds", "[data][unit]") {
  CHECK_THROWS_MATCHES(drawn(8, DataColour::automatic), Error,
                       refused_with("8: is not allowed; allowed: 16 to 224, or 0"));
}

TEST_CASE(
    "Images of a file stay as they are: another size or model is an error that says what to do",
    "[data][unit]") {
  const TemporaryFolder folder;
  write_packed_file(folder / "set.safetensors", drawn(64, DataColour::rgb));
  DataOptions options;
  options.data = {folder / "set.safetensors"};
  CHECK(open_data(options, 1).set.images.format() == FaceFormat{64, 64, Colour::rgb});
  options.image_size = 96;
  CHECK_THROWS_MATCHES(
      open_data(options, 1), Error,
      refused_with("has images of 64x64 rgb, not of 96x96 rgb; images of a file stay as they are"));
  options.image_size = 64;
  CHECK(open_data(options, 1).set.size() == 70);
  options.colour = DataColour::grey;
  CHECK_THROWS_MATCHES(open_data(options, 1), Error, refused_with("not of 64x64 grey"));
  options.image_size = 0;
  options.colour = DataColour::automatic;
  KnownClasses known;
  known.faces = FaceFormat{};
  CHECK_THROWS_MATCHES(
      open_data(options, 1, known), Error,
      refused_with(
          "has images of 64x64 rgb; the model takes 48x48 grey; name a folder of the pictures"));
}

TEST_CASE("Sets of several sizes are not joined", "[data][unit]") {
  const TemporaryFolder folder;
  write_packed_file(folder / "set.safetensors", drawn(64, DataColour::grey));
  CHECK_THROWS_MATCHES(open({folder / "set.safetensors", "synthetic:70"}), Error,
                       refused_with("has images of 48x48 grey pixels"));
}

}  // namespace
}  // namespace fer::data
