; Balls in rooms, and a robot with two grippers. Balls are seen only in the room one is in.
(define (domain gripper)
  (:requirements :strips :typing :negative-preconditions)
  (:types room ball gripper)
  (:predicates
    (at-robby ?room - room)
    (at ?ball - ball ?room - room)
    (free ?gripper - gripper)
    (carry ?ball - ball ?gripper - gripper)
    (visited ?room - room))

  (:action move
    :parameters (?from - room ?to - room)
    :precondition (and (at-robby ?from) (not (at-robby ?to)))
    :effect (and (at-robby ?to) (visited ?to) (not (at-robby ?from))))

  (:action pick
    :parameters (?ball - ball ?room - room ?gripper - gripper)
    :precondition (and (at ?ball ?room) (at-robby ?room) (free ?gripper))
    :effect (and (carry ?ball ?gripper) (not (at ?ball ?room)) (not (free ?gripper))))

  (:action drop
    :parameters (?ball - ball ?room - room ?gripper - gripper)
    :precondition (and (carry ?ball ?gripper) (at-robby ?room))
    :effect (and (at ?ball ?room) (free ?gripper) (not (carry ?ball ?gripper)))))
