"""Story A: Jiuyuan, November 2022. A 10-in-1 tube is positive; within three hours 52 close contacts are under control."""
