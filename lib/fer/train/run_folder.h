// The folder a training run lives in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fer::train {

// @throws fer::OptionError of `name` where it is not a plain file name.
void check_run_name(const std::string& name);

class RunFolder {
 public:
  // Makes `parent`/`name`-1, or the next number that is free; nothing is overwritten.
  // @throws fer::Error where the folder cannot be made, or as check_run_name() does.
  static RunFolder create(const std::filesystem::path& parent, const std::string& name);

  // The run that was begun or gone on with last, among those that create() made with this name;
  // nothing where it has no checkpoint to go on from.
  static std::optional<RunFolder> newest(const std::filesystem::path& parent,
                                         const std::string& name);

  // An existing run. @throws fer::Error where it has no checkpoint to go on from.
  static RunFolder open(const std::filesystem::path& path);

  // @throws fer::Error where somebody has removed or replaced it meanwhile. Writing would make it
  // anew, without what it takes to go on.
  void check_there() const;

  // Removes the temporary files of a process that was killed, which are there on file systems
  // without nameless ones. Only while no other process trains this run (RunLock).
  void remove_leftovers() const;

  // The folder of a run that another process has made or opened. Nothing is looked at.
  static RunFolder of_other(const std::filesystem::path& path) { return RunFolder(path); }

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.json"; }
  std::filesystem::path results() const { return path_ / "results.csv"; }
  std::filesystem::path best_model() const { return path_ / "best.safetensors"; }
  // The weights as they were where best_model() holds their average (`ema`).
  std::filesystem::path best_raw_model() const { return path_ / "best-raw.safetensors"; }
  // The model of an epoch, counted from 1 (`save_every`).
  std::filesystem::path epoch_model(std::int64_t epoch) const;
  std::filesystem::path checkpoint() const { return path_ / "last.ckpt"; }
  std::filesystem::path log() const { return path_ / "log.txt"; }
  std::filesystem::path curves() const { return path_ / "curves"; }  // .svg and .png

 private:
  explicit RunFolder(std::filesystem::path path);

  std::filesystem::path path_;
  std::uint64_t device_ = 0, number_ = 0;  // which folder it is, whatever has its name later
};

}  // namespace fer::train
