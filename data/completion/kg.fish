# Completion of kg for fish. What may follow is asked of kg itself, which gives data and never a command.
function __kg_complete
    set -l words (commandline -opc)
    set -l typed (string trim --left --chars '"\'' -- (commandline -ct))
    set -l reply (_KG_COMPLETE=fish $words[1] $words[2..-1] "$typed" 2>/dev/null)
    or return
    switch "$reply[1]"
        case 'files*'
            __fish_complete_path $typed
        case '*'
            string join -- \n $reply[2..-1]
    end
end
complete --command kg --no-files --keep-order --arguments '(__kg_complete)'
